@baseline
@TS33180-B.7.1-01 @TS33180-B.7.1-02 @TS33180-B.7.1-03 @TS33180-B.7.1-05
@TS33180-B.7.1-06 @TS33180-B.7.1-07 @TS23280-10.6.3-01
@TS23280-10.1.6.2-03 @TS23280-10.1.1.2-38 @TS23280-10.16.5-01
Feature: A partner that fails on the way
  Each step at the partner needs those before it. Where one fails, the next does not follow.

  Background:
    Given a world with three partner systems

  @TS23280-10.1.1.2-29
  Scenario Outline: A configuration server out of service ends the migration
    Given Alice uses the <service> service of the primary system
    And the configuration server of the partner system is out of service
    When Alice migrates to the partner system with her profile "<profile>"
    Then service authorisation is not asked of the partner system without a profile
    And no system saw what belongs to another

    Examples:
      | service | profile           |
      | MCPTT   | Incident command  |
      | MCVideo | Incident cameras  |
      | MCData  | Incident messages |

  @TS23280-10.1.1.2-28
  Scenario Outline: A configuration server that breaks off ends the migration
    Given Alice uses the <service> service of the primary system
    And the configuration server of the partner system breaks off every connection
    When Alice migrates to the partner system with her profile "<profile>"
    Then the partner system is asked for no group without a profile of it
    And no system saw what belongs to another

    Examples:
      | service | profile           |
      | MCPTT   | Incident command  |
      | MCVideo | Incident cameras  |
      | MCData  | Incident messages |

  @TS33180-C.2-02 @TS23280-10.1.1.2-18 @TS23280-10.1.1.2-22 @TS23280-10.1.1.2-28 @TS33180-5.1.1-02 @TS23280-10.1.1.2-29 @TS23280-10.1.1.2-30
  Scenario Outline: Every step follows those that it needs
    Given Alice uses the <service> service of the primary system
    When Alice migrates to the overseas system with her profile "<profile>"
    Then each step at the overseas system follows those that it needs
    And no system saw what belongs to another

    Examples:
      | service | profile           |
      | MCPTT   | Incident command  |
      | MCVideo | Incident cameras  |
      | MCData  | Incident messages |
