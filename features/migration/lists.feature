@mcptt @baseline
@TS33180-B.7.1-01 @TS33180-B.7.1-02 @TS33180-B.7.1-03 @TS33180-B.7.1-05
@TS33180-B.7.1-06 @TS33180-B.7.1-07 @TS23280-10.6.3-01
@TS23280-10.1.6.2-03 @TS23280-10.1.1.2-38 @TS23280-10.16.5-01
Feature: Lists of partner systems
  Each profile permits migration to the partners that it lists, and to no other. A list
  may change while the user is served.

  Background:
    Given a world with three partner systems

  @TS23280-10.1.1.2-04
  Scenario: A partner that stands on other lists only is not contacted
    Given Alice is served by the primary system
    When Alice asks for the neighbour system with her profile "Incident command"
    Then the neighbour system is not contacted
    And no system saw what belongs to another

  @TS23280-10.1.1.2-04
  Scenario: A profile that lists nobody permits no migration
    Given Alice is served by the primary system
    When Alice asks for the overseas system with her profile "Station duty"
    Then the overseas system is not contacted
    And no system saw what belongs to another

  @TS23280-10.1.1.2-04
  Scenario: A list that was emptied permits no migration
    Given the profile "Incident command" lists no partner system
    And Alice is served by the primary system
    When Alice asks for the overseas system with her profile "Incident command"
    Then the overseas system is not contacted
    And no system saw what belongs to another

  @TS23280-10.1.1.2-04
  Scenario: A partner that was taken off the list is not contacted any more
    Given Alice is served by the primary system
    When the primary system takes the overseas system off the profile "Incident command"
    And Alice asks for the overseas system with her profile "Incident command"
    Then the overseas system is not contacted
    And no system saw what belongs to another

  @TS23280-10.1.1.2-07
  Scenario: A partner that was put on the list can be migrated to
    Given Alice is served by the primary system
    When the primary system puts the neighbour system on the profile "Incident command"
    And Alice migrates to the neighbour system with her profile "Incident command"
    Then the identity server of the neighbour system is reached where that profile has it
    And no system saw what belongs to another

  @TS23280-10.1.1.2-14
  Scenario: The partner that stands behind another one is chosen alone
    Given Alice is served by the primary system
    When Alice migrates to the partner system with her profile "Incident command"
    Then the overseas system of the same profile is not contacted
    And no system saw what belongs to another
