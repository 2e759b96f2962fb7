Feature: Requests of every kind
  Whatever the terminal asks for, it asks in HTTP that can be read, over TLS, and in nobody's
  name but by its token.

  Background:
    Given Alice's terminal is switched on

  @TS24482-A.2.1.1-01
  Scenario: Each request can be read
    When Alice signs in
    And Alice starts an MC service
    Then each request can be read

  @TS24482-A.2.2.2-01
  Scenario: No request asserts an identity
    When Alice signs in
    And Alice starts an MC service
    Then no request asserts an identity

  @TS24482-6.2.1-01 @TS24482-6.2.1-08
  Scenario: The identity server is asked over TLS
    When Alice signs in
    Then authentication and tokens are asked for over TLS

  @TS33180-D.1-01
  Scenario: The key server is asked over TLS
    When Alice signs in
    And Alice starts an MC service
    Then certificate and keys are asked for over TLS
