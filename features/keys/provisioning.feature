@baseline @main_job
Feature: Key provisioning
  The key management client obtains the certificate of the key server and the keys of
  its user, with the access token that the sign-in gave.

  Background:
    Given Alice is signed in at the primary system

  @TS33180-D.2.1-01 @TS33180-D.2.1-02 @TS33180-D.2.1-03 @TS33180-D.2.1-04
  @TS23280-10.1.1.1-05
  @TS33180-D.2.2-01 @TS33180-D.2.2-02 @TS33180-D.2.2-03 @TS33180-D.2.2-05
  Scenario Outline: Certificate and keys are asked for in valid KMS requests
    When Alice starts the <service> service
    Then the key server that the configuration names is asked for certificate and keys
    And those requests are valid KMS requests of Alice

    Examples:
      | service |
      | MCPTT   |
      | MCVideo |
      | MCData  |

  @TS33180-D.2.1-01 @TS33180-D.2.1-02 @TS33180-D.2.1-03 @TS33180-D.2.1-04
  @TS23280-10.1.1.1-05 @TS33180-5.1.3.1-01 @TS33180-5.1.3.1-05
  Scenario Outline: The key server is asked with a token for key management
    When Alice starts the <service> service
    Then the key server that the configuration names is asked for certificate and keys
    And those requests carry an access token for key management

    Examples:
      | service |
      | MCPTT   |
      | MCVideo |
      | MCData  |
