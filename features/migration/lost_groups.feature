@baseline
@TS33180-B.7.1-01 @TS33180-B.7.1-02 @TS33180-B.7.1-03 @TS33180-B.7.1-05
@TS33180-B.7.1-06 @TS33180-B.7.1-07 @TS23280-10.6.3-01
@TS23280-10.1.6.2-03 @TS23280-10.1.1.2-38 @TS23280-10.16.5-01
Feature: Groups of a partner that cannot be had
  Groups come before service authorisation. Where they cannot be had, it does not follow.

  Background:
    Given a world with three partner systems

  @TS23280-10.1.1.2-30
  Scenario Outline: A group server out of service ends the migration
    Given Alice uses the <service> service of the primary system
    And the group server of the partner system is out of service
    When Alice migrates to the partner system with her profile "<profile>"
    Then service authorisation is not asked of the partner system without its groups
    And no system saw what belongs to another

    Examples:
      | service | profile           |
      | MCPTT   | Incident command  |
      | MCVideo | Incident cameras  |
      | MCData  | Incident messages |

  @TS23280-10.1.1.2-30
  Scenario Outline: A group server that breaks off ends the migration
    Given Alice uses the <service> service of the primary system
    And the group server of the partner system breaks off every connection
    When Alice migrates to the partner system with her profile "<profile>"
    Then service authorisation is not asked of the partner system without its groups
    And no system saw what belongs to another

    Examples:
      | service | profile           |
      | MCPTT   | Incident command  |
      | MCVideo | Incident cameras  |
      | MCData  | Incident messages |

  @mcptt @TS23280-10.1.1.2-30
  Scenario: Where one group is lost, the others still come first
    Given Alice is served by the primary system
    And the partner system has lost the group joint
    When Alice migrates to the partner system with her profile "Incident command"
    Then service authorisation is not asked of the partner system without its groups
    And no system saw what belongs to another
