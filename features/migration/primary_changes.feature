@baseline
@TS33180-B.7.1-01 @TS33180-B.7.1-02 @TS33180-B.7.1-03 @TS33180-B.7.1-05
@TS33180-B.7.1-06 @TS33180-B.7.1-07 @TS23280-10.6.3-01
@TS23280-10.1.6.2-03 @TS23280-10.1.1.2-38 @TS23280-10.16.5-01
Feature: What the primary changes meanwhile
  While a partner serves the user, the groups of the primary are no concern of that service.

  Background:
    Given a world with three partner systems

  @TS23280-10.1.1.2-32
  Scenario Outline: A group that the primary changes stays unused
    Given Alice uses the <service> service of the primary system
    And Alice has migrated to the overseas system with "<profile>"
    When the primary system changes its group command meanwhile
    Then the groups of the primary system stay unused
    And no system saw what belongs to another

    Examples:
      | service | profile           |
      | MCPTT   | Incident command  |
      | MCVideo | Incident cameras  |
      | MCData  | Incident messages |

  @TS23280-10.1.1.2-32
  Scenario Outline: A group that the primary's profile gains stays unused
    Given Alice uses the <service> service of the primary system
    And Alice has migrated to the overseas system with "<profile>"
    When the primary system gives Alice's profile "<profile>" another group
    Then the groups of the primary system stay unused
    And no system saw what belongs to another

    Examples:
      | service | profile           |
      | MCPTT   | Incident command  |
      | MCVideo | Incident cameras  |
      | MCData  | Incident messages |
