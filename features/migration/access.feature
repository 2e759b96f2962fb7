@mcptt @baseline
Feature: Access to the partner system
  Each user profile lists the partner MC systems that its user may migrate to, together with
  what a terminal needs to reach them. Nothing else tells where a partner is.

  Background:
    Given Alice is served by the primary system

  @TS23280-10.1.1.2-07 @TS23280-10.1.1.2-08 @TS23280-10.1.1.2-09 @TS23280-10.1.1.2-10
  Scenario: The partner is reached with the access information of the chosen profile
    When Alice migrates to the partner system with her profile "Incident command"
    Then the servers of the partner are reached as the chosen profile describes them

  @TS23280-10.1.1.2-13
  Scenario: No partner is contacted before the user chose it
    Given no partner system has been contacted yet
    When Alice migrates to the partner system with her profile "Incident command"
    Then no partner system was contacted before Alice chose it

  @TS23280-10.1.1.2-04
  Scenario: A partner that the chosen profile does not list is not contacted
    When Alice asks for the neighbour system with her profile "Incident command"
    Then the neighbour system is not contacted

  @TS23280-10.1.1.2-05
  Scenario: A partner that only another profile lists is left alone
    When Alice migrates to the partner system with her profile "Incident command"
    Then the neighbour system of another profile is not contacted
