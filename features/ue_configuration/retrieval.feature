@baseline @main_job
Feature: UE configuration
  Before a user can be served, the configuration management client fetches the UE
  configuration of its own terminal from the configuration server of its primary MC system.

  Background:
    Given Alice is signed in at the primary system

  @TS23280-10.1.1.1-11 @TS23280-10.1.1.1-03 @TS33180-5.1.3.1-03 @TS33180-B.10-02
  Scenario Outline: The client fetches its own UE configuration
    When Alice starts the <service> service
    Then the configuration server has told the terminal of its documents
    And Alice's terminal asks for its own UE configuration
    And those requests go to the configuration server of the primary system
    And those requests carry the user's access token

    @TS24484-8.2.1-51 @TS24484-8.2.1A-51 @TS24484-8.2.2.2-51
    Examples:
      | service |
      | MCPTT   |

    @TS24484-9.2.1A-51 @TS24484-9.2.2.2-51
    Examples:
      | service |
      | MCVideo |

    @TS24484-10.2.1-51 @TS24484-10.2.2.2-51
    Examples:
      | service |
      | MCData  |
