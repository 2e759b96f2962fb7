@baseline
Feature: Notifications
  A notification may come early, twice, or with nothing new; and what it names may be none of the
  terminal's business.

  Background:
    Given Alice's terminal is switched on

  @RFC6665-4.1.2.4-01
  Scenario: A notification that comes before the answer is taken
    Given Alice is signed in at the primary system
    And the primary system notifies before it answers a subscription
    When Alice starts an MC service
    Then the notification that came early is taken

  @ics:sip_over_udp @RFC3261-17.2.2-01
  Scenario: A repeated notification is answered alike
    Given Alice is served by the primary system
    And the primary system repeats its notifications
    When the primary system notifies Alice of nothing new
    Then the repeated announcement is answered alike

  @RFC6665-4.1.3-01
  Scenario: A notification without news is answered
    Given Alice is served by the primary system
    When the primary system notifies Alice of nothing new
    Then the announcement is answered

  @TS24481-6.3.3.2-05
  Scenario Outline: A group that the active profile does not list is not asked for when it is announced
    Given Alice uses the <service> service of the primary system
    When the primary system announces the group station, to which nobody subscribed
    Then no group that Alice's active profile does not list is asked for

    Examples:
      | service |
      | MCPTT   |
      | MCVideo |
      | MCData  |

  @TS24484-6.3.3-05
  Scenario Outline: A profile of another user is not asked for when it is announced
    Given Alice uses the <service> service of the primary system
    When the primary system announces a profile of Bob to Alice
    Then no document of another user than Alice is asked for

    Examples:
      | service |
      | MCPTT   |
      | MCVideo |
      | MCData  |
