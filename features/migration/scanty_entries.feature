@baseline
@TS33180-B.7.1-01 @TS33180-B.7.1-02 @TS33180-B.7.1-03 @TS33180-B.7.1-05
@TS33180-B.7.1-06 @TS33180-B.7.1-07 @TS23280-10.6.3-01
@TS23280-10.1.6.2-03 @TS23280-10.1.1.2-38 @TS23280-10.16.5-01
Feature: Entries that tell too little of a partner
  An entry may leave out where the groups are, or all but the name of the partner. The terminal
  does not look for it elsewhere.

  Background:
    Given a world with three partner systems

  @TS23280-10.1.1.2-07
  Scenario Outline: A partner that is only named is not looked for elsewhere
    Given the profile "<profile>" only names the overseas system
    And Alice uses the <service> service of the primary system
    When Alice migrates to the overseas system with her profile "<profile>"
    Then the identity server of the overseas system is left alone
    And no system saw what belongs to another

    Examples:
      | service | profile           |
      | MCPTT   | Incident command  |
      | MCVideo | Incident cameras  |
      | MCData  | Incident messages |

  @TS23280-10.1.1.2-10
  Scenario Outline: A group server that the entry does not tell of is not guessed
    Given the profile "<profile>" does not tell of the group server of the overseas system
    And Alice uses the <service> service of the primary system
    When Alice migrates to the overseas system with her profile "<profile>"
    Then the group server of the overseas system is left alone
    And no system saw what belongs to another

    Examples:
      | service | profile           |
      | MCPTT   | Incident command  |
      | MCVideo | Incident cameras  |
      | MCData  | Incident messages |
