@mcptt
Feature: Use of the service configuration
  The service configuration tells the terminal, among other things, whether to protect what
  it sends. What the terminal does not know in it does not matter.

  Background:
    Given Alice is signed in at the primary system

  @TS24484-8.4.2.6-51
  Scenario: Protection that is turned off is not applied
    When Alice starts the MCPTT service
    Then bodies that follow the service configuration are unprotected

  @TS24484-8.4.2.6-51
  Scenario: Protection that is turned off in digits is not applied
    Given the service configuration turns protection off in digits
    When Alice starts the MCPTT service
    Then bodies that follow the service configuration are unprotected

  @TS24484-8.4.2.3-51
  Scenario: A service configuration with unknown extensions is used
    Given the service configuration is served with unknown extensions
    When Alice starts the MCPTT service
    Then the extended service configuration is used
