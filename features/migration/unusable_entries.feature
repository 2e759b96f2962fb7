@baseline
@TS33180-B.7.1-01 @TS33180-B.7.1-02 @TS33180-B.7.1-03 @TS33180-B.7.1-05
@TS33180-B.7.1-06 @TS33180-B.7.1-07 @TS23280-10.6.3-01
@TS23280-10.1.6.2-03 @TS23280-10.1.1.2-38 @TS23280-10.16.5-01
Feature: Entries that cannot be used
  An entry of the list may tell addresses that are none. The profile itself stays good: its
  user is served by the primary.

  Background:
    Given a world with three partner systems

  @TS23280-10.1.1.2-07
  Scenario Outline: Words in place of the address of the identity server lead nowhere
    Given the profile "<profile>" tells no usable address for the identity server of the overseas system
    And Alice uses the <service> service of the primary system
    When Alice migrates to the overseas system with her profile "<profile>"
    Then the identity server of the overseas system is left alone
    And no system saw what belongs to another

    Examples:
      | service | profile           |
      | MCPTT   | Incident command  |
      | MCVideo | Incident cameras  |
      | MCData  | Incident messages |

  @TS23280-10.1.1.2-09
  Scenario Outline: Words in place of the address of the configuration server lead nowhere
    Given the profile "<profile>" tells no usable address for the configuration server of the overseas system
    And Alice uses the <service> service of the primary system
    When Alice migrates to the overseas system with her profile "<profile>"
    Then the configuration server of the overseas system is left alone
    And no system saw what belongs to another

    Examples:
      | service | profile           |
      | MCPTT   | Incident command  |
      | MCVideo | Incident cameras  |
      | MCData  | Incident messages |

  @TS23280-10.1.1.2-10
  Scenario Outline: Words in place of the address of the group server lead nowhere
    Given the profile "<profile>" tells no usable address for the group server of the overseas system
    And Alice uses the <service> service of the primary system
    When Alice migrates to the overseas system with her profile "<profile>"
    Then the group server of the overseas system is left alone
    And no system saw what belongs to another

    Examples:
      | service | profile           |
      | MCPTT   | Incident command  |
      | MCVideo | Incident cameras  |
      | MCData  | Incident messages |
