@baseline
@TS33180-B.7.1-01 @TS33180-B.7.1-02 @TS33180-B.7.1-03 @TS33180-B.7.1-05
@TS33180-B.7.1-06 @TS33180-B.7.1-07 @TS23280-10.6.3-01
@TS23280-10.1.6.2-03 @TS23280-10.1.1.2-38 @TS23280-10.16.5-01
Feature: Tokens that are refused
  The primary may refuse to vouch for the user, and the partner may refuse the voucher.
  Then there is no access token, and nothing to ask of the partner's services.

  Background:
    Given a world with three partner systems

  @TS33180-B.7.3-01
  Scenario Outline: A refused exchange ends the migration
    Given Alice uses the <service> service of the primary system
    And the primary system refuses to exchange tokens
    When Alice migrates to the partner system with her profile "<profile>"
    Then no service of the partner system is contacted without a security token
    And no system saw what belongs to another

    Examples:
      | service | profile           |
      | MCPTT   | Incident command  |
      | MCVideo | Incident cameras  |
      | MCData  | Incident messages |

  @TS33180-B.7.5-01
  Scenario Outline: A refused security token ends the migration
    Given Alice uses the <service> service of the primary system
    And the partner system refuses the security token
    When Alice migrates to the partner system with her profile "<profile>"
    Then no service of the partner system is contacted after that refusal
    And no system saw what belongs to another

    Examples:
      | service | profile           |
      | MCPTT   | Incident command  |
      | MCVideo | Incident cameras  |
      | MCData  | Incident messages |

  @TS33180-B.7.5-01
  Scenario Outline: A security token for somebody else ends the migration
    Given Alice uses the <service> service of the primary system
    And the primary system makes its security tokens for the overseas system
    When Alice migrates to the partner system with her profile "<profile>"
    Then no service of the partner system is contacted after that refusal
    And no system saw what belongs to another

    Examples:
      | service | profile           |
      | MCPTT   | Incident command  |
      | MCVideo | Incident cameras  |
      | MCData  | Incident messages |
