@baseline
@TS33180-B.7.1-01 @TS33180-B.7.1-02 @TS33180-B.7.1-03 @TS33180-B.7.1-05
@TS33180-B.7.1-06 @TS33180-B.7.1-07 @TS23280-10.6.3-01
@TS23280-10.1.6.2-03 @TS23280-10.1.1.2-38 @TS23280-10.16.5-01
Feature: Identity servers that fail
  Where an identity server is out of service, or breaks off, there is no token to go on with.

  Background:
    Given a world with three partner systems

  @TS33180-C.2-02
  Scenario Outline: Without a security token none is presented
    Given Alice uses the <service> service of the primary system
    And the identity server of the primary system is out of service
    When Alice migrates to the partner system with her profile "<profile>"
    Then the partner system is asked for no token without a security token
    And no system saw what belongs to another

    Examples:
      | service | profile           |
      | MCPTT   | Incident command  |
      | MCVideo | Incident cameras  |
      | MCData  | Incident messages |

  @TS23280-10.1.1.2-18
  Scenario Outline: An identity server out of service gives no token
    Given Alice uses the <service> service of the primary system
    And the identity server of the partner system is out of service
    When Alice migrates to the partner system with her profile "<profile>"
    Then the partner system is asked for no configuration without a token of it
    And no system saw what belongs to another

    Examples:
      | service | profile           |
      | MCPTT   | Incident command  |
      | MCVideo | Incident cameras  |
      | MCData  | Incident messages |

  @TS23280-10.1.1.2-18
  Scenario Outline: An identity server that breaks off gives no token
    Given Alice uses the <service> service of the primary system
    And the identity server of the partner system breaks off every connection
    When Alice migrates to the partner system with her profile "<profile>"
    Then the partner system is asked for no configuration without a token of it
    And no system saw what belongs to another

    Examples:
      | service | profile           |
      | MCPTT   | Incident command  |
      | MCVideo | Incident cameras  |
      | MCData  | Incident messages |
