@mcptt @baseline
Feature: Several changes
  Changes come together, one after the other, and with changes of what the active profile lists.

  Background:
    Given Alice is served by the primary system

  @TS24484-6.3.13.2.2-13
  Scenario: Two documents that change at once are both fetched
    When the primary system changes both configurations of Alice's terminal at once
    Then both changed documents are fetched

  @TS24481-6.3.13.2.1-10
  Scenario: Two groups that change at once are both fetched
    When the primary system changes the groups county and command at once
    Then both changed groups are fetched

  @TS24484-6.3.13.2.2-13
  Scenario: A profile that changes twice in a row is fetched as it is in the end
    When the primary system changes Alice's profile "Incident command" twice in a row
    Then the profile is fetched as it was announced last

  @TS24484-6.3.13.2.2-14
  Scenario: What changed is retrieved where it was announced
    When the primary system changes the service configuration
    Then what changed is retrieved where it was announced

  @TS23280-10.1.1.1-15 @TS24481-6.3.3.2-03
  Scenario: A group that is added to the active profile is obtained
    When the primary system adds station to the groups of Alice's profile "Incident command"
    Then the group station is obtained

  @TS24481-6.3.13.2.1-12
  Scenario: A group that is taken from the active profile is not subscribed to any more
    When the primary system takes county from the groups of Alice's profile "Incident command"
    Then the group county is not subscribed to any more
