Feature: Use of the UE configuration
  The terminal takes the UE configuration that is its own, asks the configuration server for
  it with a token made for that, and is not put off by what it does not know.

  Background:
    Given Alice is signed in at the primary system

  @mcptt @TS24484-8.2.1A-51
  Scenario: The UE configuration of another terminal is left alone
    Given the primary system also announces the UE configuration of another terminal
    When Alice starts the MCPTT service
    Then the configuration server has told the terminal of its documents
    And the UE configuration of the other terminal is not asked for

  @mcptt @TS24484-8.2.2.3-51
  Scenario: A UE configuration with unknown extensions is used
    Given the UE configuration is served with unknown extensions
    When Alice starts the MCPTT service
    Then the extended UE configuration is used

  @TS33180-5.1.3.1-07
  Scenario Outline: The configuration server is asked with a token for configuration management
    When Alice starts the <service> service
    Then the configuration server is shown tokens for configuration management

    Examples:
      | service |
      | MCPTT   |
      | MCVideo |
      | MCData  |

  @TS24484-6.2.2-02
  Scenario: Authorisation accompanies each request to the configuration server
    When Alice starts an MC service
    Then each request to the configuration server carries authorisation
