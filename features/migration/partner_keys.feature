@baseline @ics:keys_at_partner
@TS33180-B.7.1-01 @TS33180-B.7.1-02 @TS33180-B.7.1-03 @TS33180-B.7.1-05
@TS33180-B.7.1-06 @TS33180-B.7.1-07 @TS23280-10.6.3-01
@TS23280-10.1.6.2-03 @TS23280-10.1.1.2-38 @TS23280-10.16.5-01
Feature: Keys that a partner gives
  A partner has a key server of its own. It is asked with the partner's token, for the identity
  that the partner gave.

  @TS33180-B.9-03
  Scenario Outline: Keys are asked of the partner with the partner's token
    Given a world with three partner systems
    And Alice uses the <service> service of the primary system
    When Alice migrates to the overseas system with her profile "<profile>"
    Then keys are asked of the overseas system with its own access token
    And no system saw what belongs to another

    Examples:
      | service | profile           |
      | MCPTT   | Incident command  |
      | MCVideo | Incident cameras  |
      | MCData  | Incident messages |

  @TS33180-D.2.2-03 @TS33180-D.2.2-05
  Scenario Outline: Keys are asked for the identity that the partner gave
    Given a world with three partner systems
    And Alice uses the <service> service of the primary system
    When Alice migrates to the overseas system with her profile "<profile>"
    Then keys are asked of the overseas system for Alice as it knows her
    And no system saw what belongs to another

    Examples:
      | service | profile           |
      | MCPTT   | Incident command  |
      | MCVideo | Incident cameras  |
      | MCData  | Incident messages |
