@mcptt @baseline
Feature: Pre-selected profile
  Which of her profiles a user begins with is configured. It is known by its mark alone: not by
  its index, nor by its place among the others.

  Background:
    Given Alice is signed in at the primary system

  @TS23280-10.1.1.1-19
  Scenario: The pre-selected profile has the lowest index
    Given Alice's pre-selected profile is "Station duty"
    When Alice starts the MCPTT service
    Then the profile "Station duty" is made active at service authorisation

  @TS23280-10.1.1.1-19
  Scenario: The pre-selected profile has the highest index that there is
    Given Alice's pre-selected profile "Long watch" has the highest index
    When Alice starts the MCPTT service
    Then the profile "Long watch" is made active at service authorisation

  @TS23280-10.1.1.1-19
  Scenario: The pre-selected profile is announced first
    Given Alice's pre-selected profile is announced before her others
    When Alice starts the MCPTT service
    Then the profile "Incident command" is made active at service authorisation

  @TS23280-10.1.1.1-19
  Scenario: The pre-selected profile stands between two others
    Given Alice has a third profile "Night shift"
    When Alice starts the MCPTT service
    Then the profile "Incident command" is made active at service authorisation

  @TS24379-7.2.3-05
  Scenario: A user with one profile begins with that one
    Given "Station duty" is the only profile of Alice, and it is not marked
    When Alice starts the MCPTT service
    Then only a profile that Alice has is made active

  @TS24379-7.2.3-05
  Scenario: Where no profile is marked, the user begins with one that she has
    Given no profile of Alice is pre-selected
    When Alice starts the MCPTT service
    Then only a profile that Alice has is made active

  @TS24484-8.3.2.7-51
  Scenario: A disabled profile is not made active though it is pre-selected
    Given Alice's profile "Incident command" is disabled
    When Alice starts the MCPTT service
    Then the disabled profile "Incident command" is not made active
