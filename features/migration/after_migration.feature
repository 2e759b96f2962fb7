@baseline
@TS33180-B.7.1-01 @TS33180-B.7.1-02 @TS33180-B.7.1-03 @TS33180-B.7.1-05
@TS33180-B.7.1-06 @TS33180-B.7.1-07 @TS23280-10.6.3-01
@TS23280-10.1.6.2-03 @TS23280-10.1.1.2-38 @TS23280-10.16.5-01
Feature: After the migration
  The user returns, and may come again.

  @mcptt @TS24379-7.2.3-05
  Scenario: After the return the primary's profiles are in use
    Given a world with three partner systems
    And Alice is served by the primary system
    And Alice has migrated to the overseas system with "Incident command"
    When Alice returns to the primary system
    Then after the return the profile in use is one of the primary system
    And no system saw what belongs to another

  @TS33180-5.1.3.1-02
  Scenario Outline: Who comes again is authorised again
    Given a world with three partner systems
    And Alice uses the <service> service of the primary system
    And Alice has migrated to the overseas system with "<profile>"
    When Alice returns to the primary system
    And Alice migrates to the overseas system with her profile "<profile>"
    Then the overseas system is asked for service authorisation with its own token
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
