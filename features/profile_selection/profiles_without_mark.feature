@baseline
Feature: Users without a marked profile
  Where no profile is marked, or the marked one is disabled, a terminal begins with one that its user
  has and that is enabled, or with none.

  Background:
    Given Alice is signed in at the primary system

  @mcptt @TS24379-7.2.3-05
  Scenario: A user with one profile begins with that one
    Given "Station duty" is the only profile of Alice, and it is not marked
    When Alice starts the MCPTT service
    Then only a profile that Alice has is made active

  @mcptt @TS24379-7.2.3-05
  Scenario: Where no profile is marked, the user begins with one that she has
    Given no profile of Alice is pre-selected
    When Alice starts the MCPTT service
    Then only a profile that Alice has is made active

  @mcptt @TS24484-8.3.2.7-51
  Scenario: A disabled profile is not made active though it is pre-selected
    Given Alice's profile "Incident command" is disabled
    When Alice starts the MCPTT service
    Then the disabled profile "Incident command" is not made active
