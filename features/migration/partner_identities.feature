@baseline
@TS33180-B.7.1-01 @TS33180-B.7.1-02 @TS33180-B.7.1-03 @TS33180-B.7.1-05
@TS33180-B.7.1-06 @TS33180-B.7.1-07 @TS23280-10.6.3-01
@TS23280-10.1.6.2-03 @TS23280-10.1.1.2-38 @TS23280-10.16.5-01
Feature: Identities at the partner's core
  The terminal registers with what it was given for the partner: by the partner's tokens, or by
  whoever provisioned it.

  @TS23280-10.1.6.2-02
  Scenario Outline: The terminal registers as the partner calls its user
    Given a world with three partner systems
    And Alice uses the <service> service of the primary system
    When Alice migrates to the overseas system with her profile "<profile>"
    Then it registers at the overseas system under an identity that it was given
    And no system saw what belongs to another

    Examples:
      | service | profile           |
      | MCPTT   | Incident command  |
      | MCVideo | Incident cameras  |
      | MCData  | Incident messages |

  @TS23280-10.1.6.2-02
  Scenario Outline: The terminal registers as it was provisioned for the partner
    Given a world with three partner systems
    And the terminal is provisioned with an identity of the overseas system
    And Alice uses the <service> service of the primary system
    When Alice migrates to the overseas system with her profile "<profile>"
    Then it registers at the overseas system under an identity that it was given
    And no system saw what belongs to another

    Examples:
      | service | profile           |
      | MCPTT   | Incident command  |
      | MCVideo | Incident cameras  |
      | MCData  | Incident messages |
