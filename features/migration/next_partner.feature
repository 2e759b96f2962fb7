@baseline
@TS33180-B.7.1-01 @TS33180-B.7.1-02 @TS33180-B.7.1-03 @TS33180-B.7.1-05
@TS33180-B.7.1-06 @TS33180-B.7.1-07 @TS23280-10.6.3-01
@TS23280-10.1.6.2-03 @TS23280-10.1.1.2-38 @TS23280-10.16.5-01
Feature: The next partner
  The user goes on to another partner. Nothing of the last one is of use there.

  @TS33180-C.2-02 @TS23280-10.1.1.2-18 @TS23280-10.1.1.2-22 @TS23280-10.1.1.2-28 @TS33180-5.1.1-02 @TS23280-10.1.1.2-29 @TS23280-10.1.1.2-30
  Scenario Outline: At the next partner the order begins anew
    Given a world with three partner systems
    And Alice uses the <service> service of the primary system
    And Alice has migrated to the overseas system with "<profile>"
    When Alice migrates to the partner system with her profile "<profile>"
    Then each step at the partner system follows those that it needs
    And no system saw what belongs to another

    Examples:
      | service | profile           |
      | MCPTT   | Incident command  |
      | MCVideo | Incident cameras  |
      | MCData  | Incident messages |

  @TS23280-10.1.1.2-25
  Scenario Outline: The next partner's profile is used, not the last one's
    Given a world with three partner systems
    And Alice uses the <service> service of the primary system
    And Alice has migrated to the overseas system with "<profile>"
    When Alice migrates to the partner system with her profile "<profile>"
    Then the profile in use is one of the partner system
    And no system saw what belongs to another

    Examples:
      | service | profile           |
      | MCPTT   | Incident command  |
      | MCVideo | Incident cameras  |
      | MCData  | Incident messages |
