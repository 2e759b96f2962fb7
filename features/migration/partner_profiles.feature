@baseline
@TS33180-B.7.1-01 @TS33180-B.7.1-02 @TS33180-B.7.1-03 @TS33180-B.7.1-05
@TS33180-B.7.1-06 @TS33180-B.7.1-07 @TS23280-10.6.3-01
@TS23280-10.1.6.2-03 @TS23280-10.1.1.2-38 @TS23280-10.16.5-01
Feature: Profiles that a partner gives
  A partner may hold several profiles for its visitor, one, or none, with groups or without.

  Background:
    Given a world with three partner systems

  @TS23280-10.1.1.2-25
  Scenario Outline: A single profile is used though nobody marked it
    Given Alice uses the <service> service of the primary system
    When Alice migrates to the neighbour system with her profile "<profile>"
    Then the profile in use is one of the neighbour system
    And no system saw what belongs to another

    Examples:
      | service | profile      |
      | MCPTT   | Border watch |
      | MCVideo | Aid cameras  |
      | MCData  | Aid messages |

  @TS23280-10.1.1.2-31
  Scenario Outline: A profile without groups is enough for service
    Given Alice uses the <service> service of the primary system
    When Alice migrates to the neighbour system with her profile "<profile>"
    Then migrated service is asked of the neighbour system
    And no system saw what belongs to another

    Examples:
      | service | profile      |
      | MCPTT   | Border watch |
      | MCVideo | Aid cameras  |
      | MCData  | Aid messages |
