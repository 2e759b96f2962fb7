@mcptt @baseline
Feature: Migrated service
  While the user is served by the partner, the partner may change what it configured.
  Afterwards the user returns to the primary system.

  Background:
    Given Alice has migrated to the partner system

  @TS23280-10.1.1.2-35
  Scenario: A group that the partner changes is fetched from the partner
    When the partner system changes the group joint
    Then the changed group is fetched from the partner system

  @TS23280-10.1.1.2-34
  Scenario: A profile that the partner changes is fetched from the partner
    When the partner system changes Alice's profile "Visiting commander"
    Then the changed profile is fetched from the partner system

  @TS33180-5.1.3.1-02 @TS24379-7.2.2-06
  Scenario: After the return the primary is asked for service authorisation anew
    When Alice returns to the primary system
    Then service authorisation is asked of the primary system anew
