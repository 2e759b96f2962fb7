@baseline
@TS33180-B.7.1-01 @TS33180-B.7.1-02 @TS33180-B.7.1-03 @TS33180-B.7.1-05
@TS33180-B.7.1-06 @TS33180-B.7.1-07 @TS23280-10.6.3-01
@TS23280-10.1.6.2-03 @TS23280-10.1.1.2-38 @TS23280-10.16.5-01
Feature: Migrated service and the primary
  While a partner serves the user, what the primary changes is no concern of that service.

  Background:
    Given a world with three partner systems

  @TS23280-10.1.1.2-25
  Scenario Outline: A mark that the primary moves does not move the partner's
    Given Alice uses the <service> service of the primary system
    And Alice has migrated to the overseas system with "<other>"
    When the primary system meanwhile prefers Alice's profile "<profile>"
    Then the profile in use is one of the overseas system
    And no system saw what belongs to another

    Examples:
      | service | profile      | other             |
      | MCPTT   | Border watch | Incident command  |
      | MCVideo | Aid cameras  | Incident cameras  |
      | MCData  | Aid messages | Incident messages |

  @TS23280-10.1.1.1-23 @TS23280-10.1.1.2-25
  Scenario Outline: The user changes between the partner's profiles
    Given Alice uses the <service> service of the primary system
    And Alice has migrated to the overseas system with "<profile>"
    When Alice turns to her profile "<other>" of the overseas system
    Then the overseas system is told that the profile "<other>" is in use
    And the profile in use is one of the overseas system
    And no system saw what belongs to another

    @TS24379-7.2.3-04
    Examples:
      | service | profile          | other    |
      | MCPTT   | Incident command | Observer |

    Examples:
      | service | profile           | other           |
      | MCVideo | Incident cameras  | Watching camera |
      | MCData  | Incident messages | Reading clerk   |

  @TS23280-10.1.1.2-32
  Scenario Outline: The end of the service brings no group of the primary
    Given Alice uses the <service> service of the primary system
    And Alice has migrated to the overseas system with "<profile>"
    When Alice stops the service
    Then the groups of the primary system stay unused
    And no system saw what belongs to another

    Examples:
      | service | profile           |
      | MCPTT   | Incident command  |
      | MCVideo | Incident cameras  |
      | MCData  | Incident messages |
