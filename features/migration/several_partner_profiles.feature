@baseline
@TS33180-B.7.1-01 @TS33180-B.7.1-02 @TS33180-B.7.1-03 @TS33180-B.7.1-05
@TS33180-B.7.1-06 @TS33180-B.7.1-07 @TS23280-10.6.3-01
@TS23280-10.1.6.2-03 @TS23280-10.1.1.2-38 @TS23280-10.16.5-01
Feature: Several profiles of a partner
  Each of the profiles that a partner holds for its visitor is downloaded, and its own mark
  decides which of them is used.

  @TS23280-10.1.1.2-23 @TS23280-10.1.1.2-24 @TS23280-10.1.4.3.2-01
  Scenario Outline: Each of a partner's profiles is downloaded
    Given a world with three partner systems
    And Alice uses the <service> service of the primary system
    When Alice migrates to the overseas system with her profile "<profile>"
    Then every profile of Alice at the overseas system is downloaded
    And no system saw what belongs to another

    Examples:
      | service | profile           |
      | MCPTT   | Incident command  |
      | MCVideo | Incident cameras  |
      | MCData  | Incident messages |

  @TS23280-10.1.1.2-36
  Scenario Outline: The partner's mark decides between its profiles
    Given a world with three partner systems
    And Alice uses the <service> service of the primary system
    When Alice migrates to the overseas system with her profile "<profile>"
    Then the pre-selected profile of the overseas system becomes active
    And no system saw what belongs to another

    Examples:
      | service | profile           |
      | MCPTT   | Incident command  |
      | MCVideo | Incident cameras  |
      | MCData  | Incident messages |
