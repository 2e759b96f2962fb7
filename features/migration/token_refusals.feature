@mcptt @baseline
@TS33180-B.7.1-01 @TS33180-B.7.1-02 @TS33180-B.7.1-03 @TS33180-B.7.1-05
@TS33180-B.7.1-06 @TS33180-B.7.1-07 @TS23280-10.6.3-01
@TS23280-10.1.6.2-03 @TS23280-10.1.1.2-38 @TS23280-10.16.5-01
Feature: Tokens that are refused
  The primary may refuse to vouch for the user, and the partner may refuse the voucher.
  Then there is no access token, and nothing to ask of the partner's services.

  Background:
    Given a world with three partner systems
    And Alice is served by the primary system

  @TS33180-B.7.3-01
  Scenario: A refused exchange ends the migration
    Given the primary system refuses to exchange tokens
    When Alice migrates to the partner system with her profile "Incident command"
    Then no service of the partner system is contacted without a security token
    And no system saw what belongs to another

  @TS33180-C.2-02
  Scenario: Without a security token none is presented
    Given the identity server of the primary system is out of service
    When Alice migrates to the partner system with her profile "Incident command"
    Then the partner system is asked for no token without a security token
    And no system saw what belongs to another

  @TS33180-B.7.5-01
  Scenario: A refused security token ends the migration
    Given the partner system refuses the security token
    When Alice migrates to the partner system with her profile "Incident command"
    Then no service of the partner system is contacted after that refusal
    And no system saw what belongs to another

  @TS23280-10.1.1.2-18
  Scenario: An identity server out of service gives no token
    Given the identity server of the partner system is out of service
    When Alice migrates to the partner system with her profile "Incident command"
    Then the partner system is asked for no configuration without a token of it
    And no system saw what belongs to another

  @TS23280-10.1.1.2-18
  Scenario: An identity server that breaks off gives no token
    Given the identity server of the partner system breaks off every connection
    When Alice migrates to the partner system with her profile "Incident command"
    Then the partner system is asked for no configuration without a token of it
    And no system saw what belongs to another

  @TS33180-B.7.5-01
  Scenario: A security token for somebody else ends the migration
    Given the primary system makes its security tokens for the overseas system
    When Alice migrates to the partner system with her profile "Incident command"
    Then no service of the partner system is contacted after that refusal
    And no system saw what belongs to another
