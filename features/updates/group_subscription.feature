@baseline
Feature: Subscription to group documents
  The group management client subscribes to the groups of the active profile, so that the group
  server can tell it of changes.

  Background:
    Given Alice is signed in at the primary system

  @TS24481-6.3.13.2.1-01 @TS24481-6.3.13.2.1-02 @TS24481-6.3.13.2.1-03 @TS24481-6.3.13.2.1-04
  @TS24481-6.3.13.2.1-05 @TS24481-6.3.13.2.1-06 @TS24481-6.3.13.2.1-07
  Scenario Outline: The subscription to groups has its form, presents the token and lists them
    When Alice starts the <service> service
    Then the subscription to groups has its form
    And the subscription to groups presents the user's access token
    And the subscription to groups lists each group of Alice's active profile

    Examples:
      | service |
      | MCPTT   |
      | MCVideo |
      | MCData  |

  @RFC6665-3.1.2-01 @RFC5875-4.4-01
  Scenario: Each subscription names its event and lists its documents
    When Alice starts an MC service
    Then each subscription names the event that it is for
    And each subscription lists the documents that it is for
