@mcptt @baseline
Feature: User authentication at the partner system
  The primary identity server gives a security token for the partner; the partner's identity
  server gives an access token for it. The user's password stays at home.

  Background:
    Given Alice is served by the primary system

  @TS33180-B.7.2-01 @TS33180-B.7.2-02 @TS33180-B.7.2-04
  @TS33180-B.7.2-06 @TS33180-B.7.2-07 @TS33180-B.7.2-08
  @TS33180-B.7.4-01 @TS33180-B.7.4-02 @TS33180-B.7.4-03 @TS33180-B.7.4-04
  @TS33180-C.2-01 @TS33180-C.2-02
  Scenario: The user is authenticated by token exchange
    When Alice migrates to the partner system with her profile "Incident command"
    Then the primary system is asked to exchange its access token for a security token
    And the security token is presented to the identity server of the partner

  @TS23280-10.6.3-01
  Scenario: The user's credentials are not presented to the partner
    When Alice migrates to the partner system with her profile "Incident command"
    Then Alice's credentials are not presented to the partner

  @TS33180-B.7.1-01 @TS33180-B.7.1-02 @TS33180-B.7.1-03
  Scenario: No token of one system is presented to the other
    When Alice migrates to the partner system with her profile "Incident command"
    Then no token of one system is presented to the other

  @TS33180-B.9-01 @TS33180-B.9-02 @TS33180-B.9-04
  Scenario: The partner is asked with its own access token
    When Alice migrates to the partner system with her profile "Incident command"
    Then the partner is asked with its own access token
