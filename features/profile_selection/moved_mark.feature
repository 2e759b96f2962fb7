@mcptt @baseline
Feature: Moved mark of pre-selection
  Another profile may be pre-selected while the user is served. That is for the next service
  authorisation; what the user chose during service was for the service that has ended.

  Background:
    Given Alice is served by the primary system

  @TS23280-10.1.1.1-22
  Scenario: Moving the mark leaves the active profile as it is
    When the primary system pre-selects Alice's profile "Station duty"
    Then the profile "Incident command" stays the active one

  @TS23280-10.1.1.1-21
  Scenario: The moved mark holds at the next service authorisation
    Given the primary system has pre-selected Alice's profile "Station duty"
    When Alice stops and starts the MCPTT service
    Then the next service authorisation makes the profile "Station duty" active

  @TS23280-10.1.1.1-17 @TS24379-7.2.2-05
  Scenario: A choice during service does not outlast the service
    Given Alice has selected her profile "Station duty"
    When Alice stops and starts the MCPTT service
    Then the pre-selected profile "Incident command" is active again
