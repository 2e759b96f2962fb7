Feature: Notifications of every kind
  The MC system tells the terminal of changes. How it does so differs with the network
  and with the release of its servers.

  @RFC3261-8.2.2-01
  Scenario: A notification may have fields that nobody knows
    Given Alice is served by the primary system
    And notifications of the primary system have fields that nobody knows
    When the primary system changes the group command
    Then the notification is accepted as it is

  @RFC3261-8.2.2.3-01
  Scenario: A notification that requires an unknown extension is refused
    Given Alice is served by the primary system
    And notifications of the primary system require an unknown extension
    When the primary system changes the group command
    Then the notification is refused for that extension

  @RFC3261-18.3-01
  Scenario: A notification over a stream may be long
    Given the primary system takes SIP over a stream only
    And Alice is signed in at the primary system
    And Alice has thirty profiles more
    When Alice starts an MC service
    Then the long notification is taken whole
