@baseline
@TS33180-B.7.1-01 @TS33180-B.7.1-02 @TS33180-B.7.1-03 @TS33180-B.7.1-05
@TS33180-B.7.1-06 @TS33180-B.7.1-07 @TS23280-10.6.3-01
@TS23280-10.1.6.2-03 @TS23280-10.1.1.2-38 @TS23280-10.16.5-01
Feature: Servers of a partner that say nothing
  A server takes a request and never answers. What comes after needs the answer, however long
  the terminal waits.

  Background:
    Given a world with three partner systems
    And the terminal does not wait long for an answer

  @TS33180-C.2-02
  Scenario Outline: Without an answer to the exchange no token is asked for
    Given Alice uses the <service> service of the primary system
    And the primary system never answers a request to exchange tokens
    When Alice migrates to the partner system with her profile "<profile>"
    Then the partner system is asked for no token without a security token
    And no system saw what belongs to another

    Examples:
      | service | profile           |
      | MCPTT   | Incident command  |
      | MCVideo | Incident cameras  |
      | MCData  | Incident messages |

  @TS23280-10.1.1.2-18
  Scenario Outline: A silent identity server gives no token
    Given Alice uses the <service> service of the primary system
    And the identity server of the partner system never answers
    When Alice migrates to the partner system with her profile "<profile>"
    Then the partner system is asked for no configuration without a token of it
    And no system saw what belongs to another

    Examples:
      | service | profile           |
      | MCPTT   | Incident command  |
      | MCVideo | Incident cameras  |
      | MCData  | Incident messages |

  @TS23280-10.1.1.2-22
  Scenario Outline: Silent signalling brings no profile
    Given Alice uses the <service> service of the primary system
    And the signalling of the partner system never answers
    When Alice migrates to the partner system with her profile "<profile>"
    Then the partner system is asked for no profile without a registration there
    And no system saw what belongs to another

    Examples:
      | service | profile           |
      | MCPTT   | Incident command  |
      | MCVideo | Incident cameras  |
      | MCData  | Incident messages |
