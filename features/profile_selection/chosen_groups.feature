@baseline
Feature: Groups of the chosen profile
  With the active profile the groups change that the terminal works with.

  @TS24481-6.3.13.2.1-09
  Scenario Outline: The groups of the chosen profile are subscribed to
    Given Alice uses the <service> service of the primary system
    When Alice selects her profile "<profile>"
    Then the groups of the chosen profile are subscribed to

    Examples:
      | service | profile          |
      | MCPTT   | Station duty     |
      | MCVideo | Station cameras  |
      | MCData  | Station messages |

  @TS24481-6.3.13.2.1-12
  Scenario Outline: Groups that the chosen profile does not list are not subscribed to any more
    Given Alice uses the <service> service of the primary system
    When Alice selects her profile "<profile>"
    Then no group that only the profile "<before>" lists is still subscribed to

    Examples:
      | service | profile          | before            |
      | MCPTT   | Station duty     | Incident command  |
      | MCVideo | Station cameras  | Incident cameras  |
      | MCData  | Station messages | Incident messages |

  @TS24481-6.3.3.2-05
  Scenario Outline: Groups that the chosen profile does not list are not asked for any more
    Given Alice uses the <service> service of the primary system
    When Alice selects her profile "<profile>"
    Then no group that the chosen profile does not list is asked for

    Examples:
      | service | profile          |
      | MCPTT   | Station duty     |
      | MCVideo | Station cameras  |
      | MCData  | Station messages |
