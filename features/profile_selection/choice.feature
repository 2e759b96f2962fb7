@mcptt @baseline
Feature: Choice of a profile during service
  The user may choose among the profiles that she has and that are enabled. The terminal tells the
  server of her choice, and works with the groups of the chosen profile from then on.

  Background:
    Given Alice is served by the primary system

  @TS24379-7.2.3-05
  Scenario: A profile that the user does not have cannot be chosen
    When Alice asks for a profile that she does not have
    Then only a profile that Alice has is made active

  @TS24484-8.3.2.7-51
  Scenario: A profile that was disabled during service cannot be chosen
    Given Alice's profile "Station duty" is disabled
    When Alice asks for her profile "Station duty"
    Then the disabled profile "Station duty" is not made active

  @TS24484-6.3.13.2.2-15
  Scenario: A profile that was removed during service cannot be chosen
    Given the primary system has removed Alice's profile "Station duty"
    When Alice asks for her profile "Station duty"
    Then the removed profile "Station duty" is not made active

  @TS23280-10.1.1.1-23 @TS24379-7.2.3-04
  Scenario: A profile that came during service can be chosen
    Given the primary system has given Alice a profile "Night shift"
    When Alice selects her profile "Night shift"
    Then the primary system is told that the profile "Night shift" is active

  @RFC3903-4.4-01
  Scenario: The way back to the first profile builds on the change before
    Given Alice has selected her profile "Station duty"
    When Alice selects her profile "Incident command"
    Then that choice names the last answer to a publication

  @TS24379-7.2.3-02
  Scenario: The choice is told by the client that was authorised
    When Alice selects her profile "Station duty"
    Then that choice comes from the client that was authorised
