@mcptt @baseline
@TS33180-B.7.1-01 @TS33180-B.7.1-02 @TS33180-B.7.1-03 @TS33180-B.7.1-05
@TS33180-B.7.1-06 @TS33180-B.7.1-07 @TS23280-10.6.3-01
@TS23280-10.1.6.2-03 @TS23280-10.1.1.2-38 @TS23280-10.16.5-01
Feature: Profiles that list several partner systems
  Of several partners the chosen one is contacted alone, with the access information that
  the chosen profile gives; another profile may describe the same partner otherwise.

  Background:
    Given a world with three partner systems

  @TS23280-10.1.1.2-14
  Scenario: The partner that stands first is chosen alone
    Given Alice is served by the primary system
    When Alice migrates to the overseas system with her profile "Incident command"
    Then the partner system of the same profile is not contacted
    And no system saw what belongs to another

  @TS23280-10.1.1.2-14
  Scenario: A partner is chosen alone under another profile than the active one
    Given Alice is served by the primary system
    When Alice migrates to the overseas system with her profile "Border watch"
    Then the neighbour system of the same profile is not contacted
    And no system saw what belongs to another

  @TS23280-10.1.1.2-15
  Scenario: Another profile's description of the same partner is not used
    Given Alice is served by the primary system
    When Alice migrates to the partner system with her profile "Incident command"
    Then the annex system of another profile's entry is not reached
    And no system saw what belongs to another

  @TS23280-10.1.1.2-15
  Scenario: The chosen profile's description is used though another one is active
    Given Alice is served by the primary system
    When Alice migrates to the partner system with her profile "Mutual aid"
    Then the partner system of another profile's entry is not reached
    And no system saw what belongs to another
