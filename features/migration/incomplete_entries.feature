@baseline
@TS33180-B.7.1-01 @TS33180-B.7.1-02 @TS33180-B.7.1-03 @TS33180-B.7.1-05
@TS33180-B.7.1-06 @TS33180-B.7.1-07 @TS23280-10.6.3-01
@TS23280-10.1.6.2-03 @TS23280-10.1.1.2-38 @TS23280-10.16.5-01
Feature: Entries that do not tell enough
  An entry of the list that lacks an address, or has none that can be used, gives no access
  to that server. The terminal does not look for it in the entry of another profile.

  Background:
    Given a world with three partner systems

  @TS23280-10.1.1.2-07
  Scenario Outline: An identity server that the entry does not tell of is not guessed
    Given the profile "<profile>" does not tell of the identity server of the overseas system
    And Alice uses the <service> service of the primary system
    When Alice migrates to the overseas system with her profile "<profile>"
    Then the identity server of the overseas system is left alone
    And no system saw what belongs to another

    Examples:
      | service | profile           |
      | MCPTT   | Incident command  |
      | MCVideo | Incident cameras  |
      | MCData  | Incident messages |

  @TS23280-10.1.1.2-08
  Scenario Outline: Signalling that the entry does not tell of is not guessed
    Given the profile "<profile>" does not tell of the signalling of the overseas system
    And Alice uses the <service> service of the primary system
    When Alice migrates to the overseas system with her profile "<profile>"
    Then the signalling of the overseas system is left alone
    And no system saw what belongs to another

    Examples:
      | service | profile           |
      | MCPTT   | Incident command  |
      | MCVideo | Incident cameras  |
      | MCData  | Incident messages |

  @TS23280-10.1.1.2-09
  Scenario Outline: A configuration server that the entry does not tell of is not guessed
    Given the profile "<profile>" does not tell of the configuration server of the overseas system
    And Alice uses the <service> service of the primary system
    When Alice migrates to the overseas system with her profile "<profile>"
    Then the configuration server of the overseas system is left alone
    And no system saw what belongs to another

    Examples:
      | service | profile           |
      | MCPTT   | Incident command  |
      | MCVideo | Incident cameras  |
      | MCData  | Incident messages |
