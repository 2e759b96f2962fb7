@baseline @main_job
Feature: User profiles
  A user may have several profiles; the configuration management client obtains them all.

  Background:
    Given Alice is signed in at the primary system

  @TS23280-10.1.1.1-12 @TS24484-6.3.3-01 @TS24484-6.3.3-04
  @TS33180-5.1.3.1-03 @TS33180-B.10-02
  Scenario Outline: Each profile of the user is obtained
    When Alice starts the <service> service
    Then the configuration server has told the terminal of its documents
    And each of Alice's profiles is obtained
    And those requests are made below the XCAP root of the configuration
    And those requests carry the user's access token

    @TS24484-8.3.1A-51 @TS24484-8.3.2.2-51
    Examples:
      | service |
      | MCPTT   |

    @TS24484-9.3.1A-51 @TS24484-9.3.2.2-51
    Examples:
      | service |
      | MCVideo |

    @TS24484-10.3.1A-51 @TS24484-10.3.1A-52 @TS24484-10.3.2.2-51
    Examples:
      | service |
      | MCData  |
