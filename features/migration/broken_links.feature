@baseline
@TS33180-B.7.1-01 @TS33180-B.7.1-02 @TS33180-B.7.1-03 @TS33180-B.7.1-05
@TS33180-B.7.1-06 @TS33180-B.7.1-07 @TS23280-10.6.3-01
@TS23280-10.1.6.2-03 @TS23280-10.1.1.2-38 @TS23280-10.16.5-01
Feature: Links that break on the way to a partner
  A connection breaks, or nobody is there any more. The next step needs what did not come.

  Background:
    Given a world with three partner systems
    And the terminal does not wait long for an answer

  @TS33180-C.2-02
  Scenario Outline: An exchange that breaks off gives no security token
    Given Alice uses the <service> service of the primary system
    And the primary system breaks off when it is to exchange tokens
    When Alice migrates to the partner system with her profile "<profile>"
    Then the partner system is asked for no token without a security token
    And no system saw what belongs to another

    Examples:
      | service | profile           |
      | MCPTT   | Incident command  |
      | MCVideo | Incident cameras  |
      | MCData  | Incident messages |

  @TS23280-10.1.1.2-22
  Scenario Outline: Signalling that is not there brings no profile
    Given Alice uses the <service> service of the primary system
    And nobody listens where the signalling of the partner system was
    When Alice migrates to the partner system with her profile "<profile>"
    Then the partner system is asked for no profile without a registration there
    And no system saw what belongs to another

    Examples:
      | service | profile           |
      | MCPTT   | Incident command  |
      | MCVideo | Incident cameras  |
      | MCData  | Incident messages |

  @TS23280-10.6.3.2.1-07 @ics:sip_over_tcp
  Scenario Outline: Signalling that breaks off at last gives no service
    Given the profile "<profile>" names TCP for the signalling of the partner system
    And the partner system breaks off when it is asked for service authorisation
    And Alice uses the <service> service of the primary system
    When Alice migrates to the partner system with her profile "<profile>"
    And Alice turns to her profile "<other>" of the partner system
    Then the terminal does not act as authorised by the silent partner system
    And no system saw what belongs to another

    Examples:
      | service | profile           | other            |
      | MCPTT   | Incident command  | Visiting officer |
      | MCVideo | Incident cameras  | Visiting viewer  |
      | MCData  | Incident messages | Visiting reader  |
