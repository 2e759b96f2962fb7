@mcptt @ics:activates_functional_aliases
Feature: Functional aliases
  The active profile says which functional aliases the user may go by, and where. The functional
  alias management client activates these and no others.

  Background:
    Given Alice is signed in at the primary system

  @TS24484-8.3.2.7-53
  Scenario: Aliases of another profile are not activated
    Given the profiles of Alice list a functional alias each
    When Alice starts the MCPTT service
    Then no functional alias is active that the active profile does not list

  @TS24484-8.3.2.7-54
  Scenario: With the active profile the functional aliases change
    Given the profiles of Alice list a functional alias each
    When Alice starts the MCPTT service
    And Alice selects her profile "Station duty"
    Then no functional alias is active that the chosen profile does not list

  @TS24484-8.3.2.7-55
  Scenario: An alias that waits for a place is not activated elsewhere
    Given the profile "Incident command" lists a functional alias for a place far away
    When Alice starts the MCPTT service
    Then the functional alias of that place is not active
