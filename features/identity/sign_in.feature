@baseline @main_job
Feature: Sign-in
  The identity management client authenticates the user at the identity server of the
  primary MC system, by the authorisation code grant with PKCE.

  Background:
    Given Alice's terminal is switched on

  @TS24482-6.2.1-02 @TS23280-10.1.1.1-02
  @TS33180-B.4.2.2-01 @TS33180-B.4.2.2-02 @TS33180-B.4.2.2-03 @TS33180-B.4.2.2-04
  @TS33180-B.4.2.2-05 @TS33180-B.4.2.2-06 @TS33180-B.4.2.2-07 @TS33180-B.4.2.2-08
  @TS33180-B.4.2.2-16 @RFC6749-3.1-01
  Scenario: The authentication request is complete
    When Alice signs in
    Then the identity server that the configuration names is asked to authenticate the user
    And that request carries all that the profile of OpenID Connect requires

  @TS24482-6.2.1-02 @TS23280-10.1.1.1-02
  @TS33180-B.4.2.2-09 @TS33180-B.4.2.2-11 @TS33180-B.4.2.2-12
  @TS33180-B.4.2.2-13 @TS33180-B.4.2.2-14
  Scenario Outline: The scopes of the service are asked for
    When Alice signs in
    Then the identity server that the configuration names is asked to authenticate the user
    And that request asks for the scopes of <service>

    Examples:
      | service |
      | MCPTT   |
      | MCVideo |
      | MCData  |

  @TS33180-B.4.2.4-01 @TS33180-B.4.2.4-02 @TS33180-B.4.2.4-03
  @TS33180-B.4.2.4-04 @TS33180-B.4.2.4-05 @TS33180-B.4.2.4-06
  Scenario: The code is redeemed at the token endpoint
    When Alice signs in
    Then the code is redeemed by the client that asked for it

  @TS24482-6.2.1-02 @TS23280-10.1.1.1-02
  @TS33180-B.4.2.1-01 @TS33180-B.4.2.4-07 @TS33180-B.4.2.4-08
  Scenario: The code is bound to the client that asked for it
    When Alice signs in
    Then the identity server that the configuration names is asked to authenticate the user
    And the code is bound to the client by PKCE

  @RFC7636-4.1-02 @RFC6749-10.12-01
  Scenario: A second sign-in has a code verifier and a state of its own
    Given Alice is signed in at the primary system
    When Alice signs out and signs in again
    Then each sign-in has a code verifier and a state of its own
