@baseline
Feature: Life of a subscription
  A subscription lasts for as long as it is refreshed. A server that lost it begins with a new one.

  @RFC6665-4.1.2.2-01 @RFC3261-12.2.1.1-01
  Scenario Outline: The subscription to configuration documents is refreshed in its dialog
    Given the primary system grants subscriptions a short lifetime
    And Alice is signed in at the primary system
    When Alice starts the <service> service
    Then the subscription to configuration documents is refreshed in time
    And the refresh stays within the dialog of the subscription

    Examples:
      | service |
      | MCPTT   |
      | MCVideo |
      | MCData  |

  @RFC6665-4.1.2.2-01
  Scenario: The subscription to the groups of a chosen profile is refreshed before it expires
    Given the primary system grants subscriptions a short lifetime
    And Alice is served by the primary system
    When Alice selects her profile "that is not pre-selected"
    Then the subscription to the groups of the chosen profile is refreshed in time

  @RFC6665-4.1.2.2-02
  Scenario: A subscription that the server lost is not refreshed again
    Given the primary system grants subscriptions a short lifetime
    And Alice is served by the primary system
    When the primary system loses its subscriptions to configuration documents
    Then the lost subscription is not refreshed again

  @RFC6665-4.1.2.3-01
  Scenario: Subscriptions are ended in their dialogs
    Given Alice is served by the primary system
    When Alice stops the MC service
    Then the subscriptions are ended in their dialogs
