@baseline @main_job
Feature: Updates during service
  While a user is served, the MC system may change what it configured. It tells the
  terminal, and the terminal fetches what changed.

  @TS23280-10.1.1.1-16 @TS23280-10.1.5.2-04 @TS24481-6.3.13.2.1-10
  Scenario Outline: A changed group is fetched
    Given Alice uses the <service> service of the primary system
    When the primary system changes the group <group>
    Then the changed group is fetched

    Examples:
      | service | group   |
      | MCPTT   | command |
      | MCVideo | helmets |
      | MCData  | reports |

  @TS23280-10.1.1.1-15 @TS24484-6.3.13.2.2-13
  Scenario Outline: A changed user profile is fetched
    Given Alice uses the <service> service of the primary system
    When the primary system changes Alice's profile "<profile>"
    Then the changed profile is fetched

    Examples:
      | service | profile           |
      | MCPTT   | Incident command  |
      | MCVideo | Incident cameras  |
      | MCData  | Incident messages |

  @TS23280-10.1.1.1-14 @TS24484-6.3.13.2.2-13
  Scenario Outline: A changed UE configuration is fetched
    Given Alice uses the <service> service of the primary system
    When the primary system changes the UE configuration of Alice's terminal
    Then the changed UE configuration is fetched

    Examples:
      | service |
      | MCPTT   |
      | MCVideo |
      | MCData  |

  @TS24484-6.3.13.2.2-13
  Scenario Outline: A changed service configuration is fetched
    Given Alice uses the <service> service of the primary system
    When the primary system changes the service configuration
    Then the changed service configuration is fetched

    Examples:
      | service |
      | MCPTT   |
      | MCVideo |
      | MCData  |

  @RFC6665-4.1.3-01
  Scenario: An announced change is answered
    Given Alice is served by the primary system
    When the primary system changes the group command
    Then the announcement is answered
