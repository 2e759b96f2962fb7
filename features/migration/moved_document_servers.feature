@baseline
@TS33180-B.7.1-01 @TS33180-B.7.1-02 @TS33180-B.7.1-03 @TS33180-B.7.1-05
@TS33180-B.7.1-06 @TS33180-B.7.1-07 @TS23280-10.6.3-01
@TS23280-10.1.6.2-03 @TS23280-10.1.1.2-38 @TS23280-10.16.5-01
Feature: Servers of documents that moved
  Two profiles describe the same partner. A server of documents has moved since, and only the
  chosen profile tells where it is now; the former address answers still.

  Background:
    Given a world with three partner systems

  @TS23280-10.1.1.2-09
  Scenario Outline: The configuration server is reached where it is now
    Given the configuration server of the overseas system has moved since profiles told it
    And only the profile "<profile>" tells where it is now
    And Alice uses the <service> service of the primary system
    When Alice migrates to the overseas system with her profile "<profile>"
    Then the configuration server of the overseas system is reached where that profile has it
    And no system saw what belongs to another

    Examples:
      | service | profile           |
      | MCPTT   | Incident command  |
      | MCVideo | Incident cameras  |
      | MCData  | Incident messages |

  @TS23280-10.1.1.2-10
  Scenario Outline: The group server is reached where it is now
    Given the group server of the overseas system has moved since profiles told it
    And only the profile "<profile>" tells where it is now
    And Alice uses the <service> service of the primary system
    When Alice migrates to the overseas system with her profile "<profile>"
    Then the group server of the overseas system is reached where that profile has it
    And no system saw what belongs to another

    Examples:
      | service | profile           |
      | MCPTT   | Incident command  |
      | MCVideo | Incident cameras  |
      | MCData  | Incident messages |
