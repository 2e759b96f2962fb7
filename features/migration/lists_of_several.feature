@baseline
@TS33180-B.7.1-01 @TS33180-B.7.1-02 @TS33180-B.7.1-03 @TS33180-B.7.1-05
@TS33180-B.7.1-06 @TS33180-B.7.1-07 @TS23280-10.6.3-01
@TS23280-10.1.6.2-03 @TS23280-10.1.1.2-38 @TS23280-10.16.5-01
Feature: Profiles that list several partner systems
  Of several partners the chosen one is contacted alone, with the access information that
  the chosen profile gives; another profile may describe the same partner otherwise.

  @TS23280-10.1.1.2-14
  Scenario Outline: The partner that stands first is chosen alone
    Given a world with three partner systems
    And Alice uses the <service> service of the primary system
    When Alice migrates to the overseas system with her profile "<profile>"
    Then the partner system of the same profile is not contacted
    And no system saw what belongs to another

    Examples:
      | service | profile           |
      | MCPTT   | Incident command  |
      | MCVideo | Incident cameras  |
      | MCData  | Incident messages |

  @mcptt @TS23280-10.1.1.2-14
  Scenario: A partner is chosen alone under another profile than the active one
    Given a world with three partner systems
    And Alice is served by the primary system
    When Alice migrates to the overseas system with her profile "Border watch"
    Then the neighbour system of the same profile is not contacted
    And no system saw what belongs to another

  @TS23280-10.1.1.2-15
  Scenario Outline: Another profile's description of the same partner is not used
    Given a world with three partner systems
    And Alice uses the <service> service of the primary system
    When Alice migrates to the <chosen> system with her profile "<profile>"
    Then the <other> system of another profile's entry is not reached
    And no system saw what belongs to another

    Examples:
      | service | chosen  | other   | profile          |
      | MCPTT   | partner | annex   | Incident command |
      | MCPTT   | annex   | partner | Mutual aid       |
      | MCVideo | annex   | partner | Aid cameras      |
      | MCData  | annex   | partner | Aid messages     |
