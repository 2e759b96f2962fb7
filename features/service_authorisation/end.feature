@mcptt @baseline
Feature: End of the service authorisation
  A terminal that ends the service takes back what it published, and begins afresh the next time.

  Background:
    Given Alice is served by the primary system

  @TS24379-7.2.1A-07 @TS24379-7.2.1A-08
  Scenario: The settings are removed when the service ends
    When Alice stops the MCPTT service
    Then the settings are removed from the primary system

  @TS24379-7.2.1A-07 @TS24379-7.2.1A-08
  Scenario: The settings are removed when the user signs out
    When Alice signs out
    Then the settings are removed from the primary system

  @RFC3903-4.2-01
  Scenario: The next service authorisation changes no publication of before
    When Alice stops and starts the MCPTT service
    Then the next service authorisation is an initial publication
