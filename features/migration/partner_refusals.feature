@baseline
@TS33180-B.7.1-01 @TS33180-B.7.1-02 @TS33180-B.7.1-03 @TS33180-B.7.1-05
@TS33180-B.7.1-06 @TS33180-B.7.1-07 @TS23280-10.6.3-01
@TS23280-10.1.6.2-03 @TS23280-10.1.1.2-38 @TS23280-10.16.5-01
Feature: Service authorisation that a partner refuses
  What the partner refuses, the terminal does not use; its user can be served at home.

  @TS23280-10.6.3.2.1-05
  Scenario Outline: A refused authorisation gives no service
    Given a world with three partner systems
    And Alice uses the <service> service of the primary system
    And the partner system refuses service authorisation
    When Alice migrates to the partner system with her profile "<profile>"
    And Alice turns to her profile "<other>" of the partner system
    Then the terminal does not act as authorised by the partner system
    And no system saw what belongs to another

    Examples:
      | service | profile           | other            |
      | MCPTT   | Incident command  | Visiting officer |
      | MCVideo | Incident cameras  | Visiting viewer  |
      | MCData  | Incident messages | Visiting reader  |

  @TS33180-5.1.3.1-02
  Scenario Outline: After a refusal the user is served at home
    Given a world with three partner systems
    And Alice uses the <service> service of the primary system
    And the partner system refuses service authorisation
    When Alice migrates to the partner system with her profile "<profile>"
    And Alice stops the service and starts it again
    Then the primary system is asked for service authorisation with its own token
    And no system saw what belongs to another

    @TS24379-7.2.2-06
    Examples:
      | service | profile          |
      | MCPTT   | Incident command |

    @TS24281-7.1-01
    Examples:
      | service | profile          |
      | MCVideo | Incident cameras |

    @TS24282-7.1-01
    Examples:
      | service | profile           |
      | MCData  | Incident messages |
