@baseline
@TS33180-B.7.1-01 @TS33180-B.7.1-02 @TS33180-B.7.1-03 @TS33180-B.7.1-05
@TS33180-B.7.1-06 @TS33180-B.7.1-07 @TS23280-10.6.3-01
@TS23280-10.1.6.2-03 @TS23280-10.1.1.2-38 @TS23280-10.16.5-01
Feature: Service authorisation at a partner
  The request goes to the server of the partner that gives the service, and names who asks: as
  the partner knows her and as her own system does, and with which profile.

  @TS23280-10.6.3.2.1-02 @TS23280-10.6.3.2.1-03
  Scenario Outline: The request names the user at both systems
    Given a world with three partner systems
    And Alice uses the <service> service of the primary system
    When Alice migrates to the overseas system with her profile "<profile>"
    Then the request to the overseas system names Alice as both systems know her
    And no system saw what belongs to another

    @TS24379-F.1.3-51 @TS24379-F.1.3-52
    Examples:
      | service | profile          |
      | MCPTT   | Incident command |

    @TS24281-F.1.3-51
    Examples:
      | service | profile          |
      | MCVideo | Incident cameras |

    Examples:
      | service | profile           |
      | MCData  | Incident messages |

  @TS23280-10.6.3.2.1-04
  Scenario Outline: The request names a profile
    Given a world with three partner systems
    And Alice uses the <service> service of the primary system
    When Alice migrates to the overseas system with her profile "<profile>"
    Then the request to the overseas system names a profile of Alice
    And no system saw what belongs to another

    @TS24379-F.1.3-53
    Examples:
      | service | profile          |
      | MCPTT   | Incident command |

    Examples:
      | service | profile           |
      | MCVideo | Incident cameras  |
      | MCData  | Incident messages |
