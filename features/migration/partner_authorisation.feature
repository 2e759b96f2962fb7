@mcptt @baseline
@TS33180-B.7.1-01 @TS33180-B.7.1-02 @TS33180-B.7.1-03 @TS33180-B.7.1-05
@TS33180-B.7.1-06 @TS33180-B.7.1-07 @TS23280-10.6.3-01
@TS23280-10.1.6.2-03 @TS23280-10.1.1.2-38 @TS23280-10.16.5-01
Feature: Service authorisation at a partner
  The request names who asks, at home and at the partner. What the partner refuses, the
  terminal does not use; its user can be served at home.

  Background:
    Given a world with three partner systems
    And Alice is served by the primary system

  @TS24379-F.1.3-51 @TS24379-F.1.3-52
  Scenario: The request names the user at both systems
    When Alice migrates to the overseas system with her profile "Incident command"
    Then the request to the overseas system names Alice as both systems know her
    And no system saw what belongs to another

  @TS24379-F.1.3-53
  Scenario: The request names a profile
    When Alice migrates to the overseas system with her profile "Incident command"
    Then the request to the overseas system names a profile of Alice
    And no system saw what belongs to another

  @TS23280-10.6.3.2.1-05 @TS24379-7.3.3-01
  Scenario: A refused authorisation gives no service
    Given the partner system refuses service authorisation
    When Alice migrates to the partner system with her profile "Incident command"
    And Alice turns to her profile "Visiting officer" of the partner system
    Then the terminal does not act as authorised by the partner system
    And no system saw what belongs to another

  @TS23280-10.6.3.2.1-05 @TS24379-7.3.3-01
  Scenario: An authorisation that is put off gives no service
    Given the partner system is too busy for service authorisation
    When Alice migrates to the partner system with her profile "Incident command"
    And Alice turns to her profile "Visiting officer" of the partner system
    Then the terminal does not act as authorised by the partner system
    And no system saw what belongs to another

  @TS24379-F.1.3-54
  Scenario: A negative result is a refusal
    Given the partner system answers that Alice may not migrate
    When Alice migrates to the partner system with her profile "Incident command"
    And Alice turns to her profile "Visiting officer" of the partner system
    Then the terminal takes the answer of the partner system for a refusal
    And no system saw what belongs to another

  @TS33180-5.1.3.1-02 @TS24379-7.2.2-06
  Scenario: After a refusal the user is served at home
    Given the partner system refuses service authorisation
    When Alice migrates to the partner system with her profile "Incident command"
    And Alice stops the service and starts it again
    Then the primary system is asked for service authorisation with its own token
    And no system saw what belongs to another
