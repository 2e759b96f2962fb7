Feature: Lists of groups
  A profile lists many groups, or none, or one of them twice. Each that it lists is asked
  for, and no other.

  Background:
    Given Alice is signed in at the primary system

  @TS24481-6.3.3.2-03
  Scenario Outline: Twelve groups are asked for
    Given Alice is about to use the <service> service
    And the profile "<profile>" lists twelve groups
    When Alice starts the <service> service
    Then each group that the active profile lists is asked for

    Examples:
      | service | profile           |
      | MCPTT   | Incident command  |
      | MCVideo | Incident cameras  |
      | MCData  | Incident messages |

  @TS24481-6.3.3.2-05
  Scenario Outline: No group is asked for where the active profile lists none
    Given Alice is about to use the <service> service
    And the profile "<profile>" lists no group
    When Alice starts the <service> service
    Then no group is asked for that the active profile does not list

    Examples:
      | service | profile           |
      | MCPTT   | Incident command  |
      | MCVideo | Incident cameras  |
      | MCData  | Incident messages |

  @TS24481-6.3.3.2-03
  Scenario: A group that is listed twice is asked for
    Given the profile "that is pre-selected" lists its first group twice
    When Alice starts an MC service
    Then each group that the active profile lists is asked for

  @TS24481-6.3.3.2-05
  Scenario Outline: A group that only an extension names is not asked for
    Given Alice is about to use the <service> service
    And an extension of the profile "<profile>" names another group
    When Alice starts the <service> service
    Then no group is asked for that the active profile does not list

    Examples:
      | service | profile           |
      | MCPTT   | Incident command  |
      | MCVideo | Incident cameras  |
      | MCData  | Incident messages |

  @TS24481-6.3.3.2-05
  Scenario: A group that a profile gains while another one is active is not asked for
    When Alice starts an MC service
    And the primary system lists another group in the profile "that is not pre-selected"
    Then no group is asked for that the active profile does not list
