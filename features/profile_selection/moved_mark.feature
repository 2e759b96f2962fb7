@baseline
Feature: Moved mark of pre-selection
  Another profile may be pre-selected while the user is served. That is for the next service
  authorisation; what the user chose during service was for the service that has ended.

  @TS23280-10.1.1.1-22
  Scenario Outline: Moving the mark leaves the active profile as it is
    Given Alice uses the <service> service of the primary system
    When the primary system pre-selects Alice's profile "<profile>"
    Then the profile "<other>" stays the active one

    Examples:
      | service | profile          | other             |
      | MCPTT   | Station duty     | Incident command  |
      | MCVideo | Station cameras  | Incident cameras  |
      | MCData  | Station messages | Incident messages |

  @TS23280-10.1.1.1-21
  Scenario Outline: The moved mark holds at the next service authorisation
    Given Alice uses the <service> service of the primary system
    And the primary system has pre-selected Alice's profile "<profile>"
    When Alice stops and starts the <service> service
    Then the next service authorisation makes the profile "<profile>" active

    Examples:
      | service | profile          |
      | MCPTT   | Station duty     |
      | MCVideo | Station cameras  |
      | MCData  | Station messages |

  @TS23280-10.1.1.1-17
  Scenario Outline: A choice during service does not outlast the service
    Given Alice uses the <service> service of the primary system
    And Alice has selected her profile "<profile>"
    When Alice stops and starts the <service> service
    Then the pre-selected profile "<other>" is active again

    @TS24379-7.2.2-05
    Examples:
      | service | profile      | other            |
      | MCPTT   | Station duty | Incident command |

    Examples:
      | service | profile          | other             |
      | MCVideo | Station cameras  | Incident cameras  |
      | MCData  | Station messages | Incident messages |
