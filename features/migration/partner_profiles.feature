@mcptt @baseline
@TS33180-B.7.1-01 @TS33180-B.7.1-02 @TS33180-B.7.1-03 @TS33180-B.7.1-05
@TS33180-B.7.1-06 @TS33180-B.7.1-07 @TS23280-10.6.3-01
@TS23280-10.1.6.2-03 @TS23280-10.1.1.2-38 @TS23280-10.16.5-01
Feature: Profiles that a partner gives
  A partner may hold several profiles for its visitor, one, or none, with groups or without.

  Background:
    Given a world with three partner systems
    And Alice is served by the primary system

  @TS23280-10.1.1.2-25
  Scenario: A single profile is used though nobody marked it
    When Alice migrates to the neighbour system with her profile "Border watch"
    Then the profile in use is one of the neighbour system
    And no system saw what belongs to another

  @TS23280-10.1.1.2-31
  Scenario: A profile without groups is enough for service
    When Alice migrates to the neighbour system with her profile "Border watch"
    Then migrated service is asked of the neighbour system
    And no system saw what belongs to another

  @TS23280-10.1.1.2-29
  Scenario: Without a profile there is no service
    Given the partner system has no profile for Alice
    When Alice migrates to the partner system with her profile "Incident command"
    Then service authorisation is not asked of the partner system without a profile
    And no system saw what belongs to another

  @TS23280-10.1.1.2-28
  Scenario: Without a profile there are no groups
    Given the partner system has no profile for Alice
    When Alice migrates to the partner system with her profile "Incident command"
    Then the partner system is asked for no group without a profile of it
    And no system saw what belongs to another
