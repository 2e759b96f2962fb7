Feature: A group that cannot be had
  The first of several groups may be missing, refused, disabled or out of reach for a while. The
  others are asked for all the same.

  Background:
    Given Alice is signed in at the primary system

  @TS24481-6.3.3.2-03 @RFC9110-15.5.5-01
  Scenario Outline: A missing group does not stand before the others
    Given the group <group> is announced and cannot be found
    When Alice starts the <service> service
    Then each group that the active profile lists is asked for
    And the group <group> is not asked for without end

    Examples:
      | service | group   |
      | MCPTT   | county  |
      | MCVideo | command |
      | MCData  | command |

  @TS24481-6.3.3.2-03 @TS24482-A.2.3-04
  Scenario Outline: A refused group does not stand before the others
    Given access to the group <group> is refused
    When Alice starts the <service> service
    Then each group that the active profile lists is asked for
    And the refusal of the group <group> is taken

    Examples:
      | service | group   |
      | MCPTT   | county  |
      | MCVideo | command |
      | MCData  | command |

  @TS24481-6.3.3.2-03
  Scenario Outline: A disabled group does not stand before the others
    Given the group <group> is disabled
    When Alice starts the <service> service
    Then each group that the active profile lists is asked for

    Examples:
      | service | group   |
      | MCPTT   | county  |
      | MCVideo | command |
      | MCData  | command |

  @RFC5875-4.8-01
  Scenario: A group that failed at first is obtained once it is announced
    Given the group command is unavailable at first
    When Alice starts an MC service
    Then the group command is obtained once it is announced
