@baseline @main_job
@TS33180-B.7.1-01 @TS33180-B.7.1-02 @TS33180-B.7.1-03 @TS33180-B.7.1-05
@TS33180-B.7.1-06 @TS33180-B.7.1-07 @TS23280-10.6.3-01
@TS23280-10.1.6.2-03 @TS23280-10.1.1.2-38 @TS23280-10.16.5-01
Feature: Access to the partner system
  Each user profile lists the partner MC systems that its user may migrate to, together with
  what a terminal needs to reach them. Nothing else tells where a partner is.

  @TS23280-10.1.1.2-07 @TS23280-10.1.1.2-08 @TS23280-10.1.1.2-09 @TS23280-10.1.1.2-10
  Scenario Outline: The partner is reached with the access information of the chosen profile
    Given Alice uses the <service> service of the primary system
    When Alice migrates to the partner system with her profile "<profile>"
    Then the servers of the partner are reached as the chosen profile describes them
    And no system saw what belongs to another

    Examples:
      | service | profile |
      | MCPTT   | Incident command |
      | MCVideo | Incident cameras |
      | MCData  | Incident messages |

  @TS23280-10.1.1.2-13
  Scenario Outline: No partner is contacted before the user chose it
    Given Alice uses the <service> service of the primary system
    And no partner system has been contacted yet
    When Alice migrates to the partner system with her profile "<profile>"
    Then no partner system was contacted before Alice chose it
    And no system saw what belongs to another

    Examples:
      | service | profile |
      | MCPTT   | Incident command |
      | MCVideo | Incident cameras |
      | MCData  | Incident messages |

  @TS23280-10.1.1.2-04
  Scenario Outline: A partner that the chosen profile does not list is not contacted
    Given Alice uses the <service> service of the primary system
    When Alice asks for the neighbour system with her profile "<profile>"
    Then the neighbour system is not contacted
    And no system saw what belongs to another

    Examples:
      | service | profile |
      | MCPTT   | Incident command |
      | MCVideo | Incident cameras |
      | MCData  | Incident messages |

  @TS23280-10.1.1.2-05
  Scenario Outline: A partner that only another profile lists is left alone
    Given Alice uses the <service> service of the primary system
    When Alice migrates to the partner system with her profile "<profile>"
    Then the neighbour system of another profile is not contacted
    And no system saw what belongs to another

    Examples:
      | service | profile |
      | MCPTT   | Incident command |
      | MCVideo | Incident cameras |
      | MCData  | Incident messages |
