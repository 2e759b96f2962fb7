@baseline
@TS33180-B.7.1-01 @TS33180-B.7.1-02 @TS33180-B.7.1-03 @TS33180-B.7.1-05
@TS33180-B.7.1-06 @TS33180-B.7.1-07 @TS23280-10.6.3-01
@TS23280-10.1.6.2-03 @TS23280-10.1.1.2-38 @TS23280-10.16.5-01
Feature: Signalling of a partner that is out of service
  The partner's core does not take registrations. What needs one does not follow.

  Background:
    Given a world with three partner systems

  @TS23280-10.1.1.2-22
  Scenario Outline: Signalling out of service brings no profile
    Given Alice uses the <service> service of the primary system
    And the signalling of the partner system is out of service
    When Alice migrates to the partner system with her profile "<profile>"
    Then the partner system is asked for no profile without a registration there
    And no system saw what belongs to another

    Examples:
      | service | profile           |
      | MCPTT   | Incident command  |
      | MCVideo | Incident cameras  |
      | MCData  | Incident messages |

  @TS33180-5.1.1-02
  Scenario Outline: Signalling out of service brings no service
    Given Alice uses the <service> service of the primary system
    And the signalling of the partner system is out of service
    When Alice migrates to the partner system with her profile "<profile>"
    Then service authorisation is not asked of the partner system unregistered
    And no system saw what belongs to another

    Examples:
      | service | profile           |
      | MCPTT   | Incident command  |
      | MCVideo | Incident cameras  |
      | MCData  | Incident messages |
