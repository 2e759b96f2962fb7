@baseline
Feature: Choice of a profile during service
  The terminal tells the server of the user's choice, and works with the groups of the chosen
  profile from then on.

  @TS23280-10.1.1.1-23
  Scenario Outline: A profile that came during service can be chosen
    Given Alice uses the <service> service of the primary system
    And the primary system has given Alice a profile "Night shift"
    When Alice selects her profile "Night shift"
    Then the primary system is told that the profile "Night shift" is active

    @TS24379-7.2.3-04
    Examples:
      | service |
      | MCPTT   |

    Examples:
      | service |
      | MCVideo |
      | MCData  |

  @RFC3903-4.4-01
  Scenario Outline: The way back to the first profile builds on the change before
    Given Alice uses the <service> service of the primary system
    And Alice has selected her profile "<profile>"
    When Alice selects her profile "<other>"
    Then that choice names the last answer to a publication

    Examples:
      | service | profile          | other             |
      | MCPTT   | Station duty     | Incident command  |
      | MCVideo | Station cameras  | Incident cameras  |
      | MCData  | Station messages | Incident messages |

  @mcptt @TS24379-7.2.3-02
  Scenario: The choice is told by the client that was authorised
    Given Alice is served by the primary system
    When Alice selects her profile "Station duty"
    Then that choice comes from the client that was authorised
