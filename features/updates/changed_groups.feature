@baseline
Feature: Changes of groups
  Groups change together, and the active profile may come to list others than before.

  @TS24481-6.3.13.2.1-10
  Scenario Outline: Two groups that change at once are both fetched
    Given Alice uses the <service> service of the primary system
    When the primary system changes the groups <one> and <other> at once
    Then both changed groups are fetched

    Examples:
      | service | one     | other   |
      | MCPTT   | county  | command |
      | MCVideo | command | helmets |
      | MCData  | command | reports |

  @TS23280-10.1.1.1-15 @TS24481-6.3.3.2-03
  Scenario Outline: A group that is added to the active profile is obtained
    Given Alice uses the <service> service of the primary system
    When the primary system adds station to the groups of Alice's profile "<profile>"
    Then the group station is obtained

    Examples:
      | service | profile           |
      | MCPTT   | Incident command  |
      | MCVideo | Incident cameras  |
      | MCData  | Incident messages |

  @TS24481-6.3.13.2.1-12
  Scenario Outline: A group that is taken from the active profile is not subscribed to any more
    Given Alice uses the <service> service of the primary system
    When the primary system takes <group> from the groups of Alice's profile "<profile>"
    Then the group <group> is not subscribed to any more

    Examples:
      | service | profile           | group   |
      | MCPTT   | Incident command  | county  |
      | MCVideo | Incident cameras  | helmets |
      | MCData  | Incident messages | reports |
