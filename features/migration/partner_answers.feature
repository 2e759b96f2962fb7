@baseline
@TS33180-B.7.1-01 @TS33180-B.7.1-02 @TS33180-B.7.1-03 @TS33180-B.7.1-05
@TS33180-B.7.1-06 @TS33180-B.7.1-07 @TS23280-10.6.3-01
@TS23280-10.1.6.2-03 @TS23280-10.1.1.2-38 @TS23280-10.16.5-01
Feature: Answers to a request for migrated service
  A partner may be too busy, or forbid the service; the home system may not permit the user to
  migrate, and the answer says so. None of that is an authorisation.

  @TS23280-10.6.3.2.1-05
  Scenario Outline: An authorisation that is put off gives no service
    Given a world with three partner systems
    And Alice uses the <service> service of the primary system
    And the partner system is too busy for service authorisation
    When Alice migrates to the partner system with her profile "<profile>"
    And Alice turns to her profile "<other>" of the partner system
    Then the terminal does not act as authorised by the partner system
    And no system saw what belongs to another

    Examples:
      | service | profile           | other            |
      | MCPTT   | Incident command  | Visiting officer |
      | MCVideo | Incident cameras  | Visiting viewer  |
      | MCData  | Incident messages | Visiting reader  |

  @mcptt @TS24379-7.3.3-01
  Scenario: A service that was forbidden is not used
    Given a world with three partner systems
    And Alice is served by the primary system
    And the partner system refuses service authorisation
    When Alice migrates to the partner system with her profile "Incident command"
    And Alice turns to her profile "Visiting officer" of the partner system
    Then the client does not use the service that the partner system forbade
    And no system saw what belongs to another

  Scenario Outline: A negative result is a refusal
    Given a world with three partner systems
    And Alice uses the <service> service of the primary system
    And the partner system answers that Alice may not migrate
    When Alice migrates to the partner system with her profile "<profile>"
    And Alice turns to her profile "<other>" of the partner system
    Then the terminal takes the answer of the partner system for a refusal
    And no system saw what belongs to another

    @TS24379-F.1.3-54
    Examples:
      | service | profile          | other            |
      | MCPTT   | Incident command | Visiting officer |

    @TS24281-F.1.3-52
    Examples:
      | service | profile          | other           |
      | MCVideo | Incident cameras | Visiting viewer |
