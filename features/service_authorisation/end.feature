@baseline
Feature: End of the service authorisation
  A terminal that ends the service takes back what it published, and begins afresh the next time.

  # How settings are removed, the texts read tell for MCPTT.
  @mcptt @TS24379-7.2.1A-07 @TS24379-7.2.1A-08
  Scenario: The settings are removed when the service ends
    Given Alice is served by the primary system
    When Alice stops the MCPTT service
    Then the settings are removed from the primary system

  @mcptt @TS24379-7.2.1A-07 @TS24379-7.2.1A-08
  Scenario: The settings are removed when the user signs out
    Given Alice is served by the primary system
    When Alice signs out
    Then the settings are removed from the primary system

  @RFC3903-4.2-01
  Scenario Outline: The next service authorisation changes no publication of before
    Given Alice uses the <service> service of the primary system
    When Alice stops and starts the <service> service
    Then the next service authorisation is an initial publication

    Examples:
      | service |
      | MCPTT   |
      | MCVideo |
      | MCData  |
