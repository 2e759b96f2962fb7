@baseline
@TS33180-B.7.1-01 @TS33180-B.7.1-02 @TS33180-B.7.1-03 @TS33180-B.7.1-05
@TS33180-B.7.1-06 @TS33180-B.7.1-07 @TS23280-10.6.3-01
@TS23280-10.1.6.2-03 @TS23280-10.1.1.2-38 @TS23280-10.16.5-01
Feature: Silence before migrated service
  What the terminal lacks at last is a profile, a group, or the answer that authorises it.

  Background:
    Given a world with three partner systems
    And the terminal does not wait long for an answer

  @TS23280-10.1.1.2-28
  Scenario Outline: A silent configuration server brings no groups
    Given Alice uses the <service> service of the primary system
    And the configuration server of the partner system never answers
    When Alice migrates to the partner system with her profile "<profile>"
    Then the partner system is asked for no group without a profile of it
    And no system saw what belongs to another

    Examples:
      | service | profile           |
      | MCPTT   | Incident command  |
      | MCVideo | Incident cameras  |
      | MCData  | Incident messages |

  @TS23280-10.1.1.2-30
  Scenario Outline: A silent group server ends the migration
    Given Alice uses the <service> service of the primary system
    And the group server of the partner system never answers
    When Alice migrates to the partner system with her profile "<profile>"
    Then service authorisation is not asked of the partner system without its groups
    And no system saw what belongs to another

    Examples:
      | service | profile           |
      | MCPTT   | Incident command  |
      | MCVideo | Incident cameras  |
      | MCData  | Incident messages |

  @TS23280-10.6.3.2.1-07
  Scenario Outline: A request for service that is not answered gives no service
    Given Alice uses the <service> service of the primary system
    And the partner system never answers a request for service authorisation
    When Alice migrates to the partner system with her profile "<profile>"
    And Alice turns to her profile "<other>" of the partner system
    Then the terminal does not act as authorised by the silent partner system
    And no system saw what belongs to another

    Examples:
      | service | profile           | other            |
      | MCPTT   | Incident command  | Visiting officer |
      | MCVideo | Incident cameras  | Visiting viewer  |
      | MCData  | Incident messages | Visiting reader  |
