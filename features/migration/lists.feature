@baseline
@TS33180-B.7.1-01 @TS33180-B.7.1-02 @TS33180-B.7.1-03 @TS33180-B.7.1-05
@TS33180-B.7.1-06 @TS33180-B.7.1-07 @TS23280-10.6.3-01
@TS23280-10.1.6.2-03 @TS23280-10.1.1.2-38 @TS23280-10.16.5-01
Feature: Lists of partner systems
  Each profile permits migration to the partners that it lists, and to no other.

  Background:
    Given a world with three partner systems

  @TS23280-10.1.1.2-04
  Scenario Outline: A partner that stands on other lists only is not contacted
    Given Alice uses the <service> service of the primary system
    When Alice asks for the neighbour system with her profile "<profile>"
    Then the neighbour system is not contacted
    And no system saw what belongs to another

    Examples:
      | service | profile           |
      | MCPTT   | Incident command  |
      | MCVideo | Incident cameras  |
      | MCData  | Incident messages |

  @mcptt @TS23280-10.1.1.2-04
  Scenario: A profile that lists nobody permits no migration
    Given Alice is served by the primary system
    When Alice asks for the overseas system with her profile "Station duty"
    Then the overseas system is not contacted
    And no system saw what belongs to another

  @TS23280-10.1.1.2-04
  Scenario Outline: A list that was emptied permits no migration
    Given the profile "<profile>" lists no partner system
    And Alice uses the <service> service of the primary system
    When Alice asks for the overseas system with her profile "<profile>"
    Then the overseas system is not contacted
    And no system saw what belongs to another

    Examples:
      | service | profile           |
      | MCPTT   | Incident command  |
      | MCVideo | Incident cameras  |
      | MCData  | Incident messages |

  @TS23280-10.1.1.2-14
  Scenario Outline: The partner that stands behind another one is chosen alone
    Given Alice uses the <service> service of the primary system
    When Alice migrates to the partner system with her profile "<profile>"
    Then the overseas system of the same profile is not contacted
    And no system saw what belongs to another

    Examples:
      | service | profile           |
      | MCPTT   | Incident command  |
      | MCVideo | Incident cameras  |
      | MCData  | Incident messages |
