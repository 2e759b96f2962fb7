@mcptt @ics:updates_preselected_profile
Feature: Mark moved by the user
  The user may say which profile she will begin with the next time. Until then she goes on with
  the one that she has.

  Background:
    Given the primary system takes updates of user profiles
    And Alice is served by the primary system

  @TS23280-10.1.1.1-22
  Scenario: The user's new mark leaves the active profile as it is
    When Alice marks her profile "Station duty" as the one to begin with
    Then the profile "Incident command" stays the active one

  @TS23280-10.1.1.1-21
  Scenario: The user's new mark holds at the next service authorisation
    Given Alice has marked her profile "Station duty" as the one to begin with
    When Alice stops and starts the MCPTT service
    Then the next service authorisation makes the profile "Station duty" active
