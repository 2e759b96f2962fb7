@mcptt @baseline
@TS33180-B.7.1-01 @TS33180-B.7.1-02 @TS33180-B.7.1-03 @TS33180-B.7.1-05
@TS33180-B.7.1-06 @TS33180-B.7.1-07 @TS23280-10.6.3-01
@TS23280-10.1.6.2-03 @TS23280-10.1.1.2-38 @TS23280-10.16.5-01
Feature: Migrated service and the primary
  While a partner serves the user, what the primary changes is no concern of that service.

  Background:
    Given a world with three partner systems
    And Alice is served by the primary system
    And Alice has migrated to the overseas system with "Incident command"

  @TS23280-10.1.1.2-32
  Scenario: A group that the primary changes stays unused
    When the primary system changes its group command meanwhile
    Then the groups of the primary system stay unused
    And no system saw what belongs to another

  @TS23280-10.1.1.2-32
  Scenario: A group that the primary's profile gains stays unused
    When the primary system gives Alice's profile "Incident command" another group
    Then the groups of the primary system stay unused
    And no system saw what belongs to another

  @TS23280-10.1.1.2-25
  Scenario: A mark that the primary moves does not move the partner's
    When the primary system meanwhile prefers Alice's profile "Border watch"
    Then the profile in use is one of the overseas system
    And no system saw what belongs to another

  @TS23280-10.1.1.1-23 @TS24379-7.2.3-04 @TS23280-10.1.1.2-25
  Scenario: The user changes between the partner's profiles
    When Alice turns to her profile "Observer" of the overseas system
    Then the overseas system is told that the profile "Observer" is in use
    And the profile in use is one of the overseas system
    And no system saw what belongs to another

  @TS23280-10.1.1.2-32
  Scenario: The end of the service brings no group of the primary
    When Alice stops the service
    Then the groups of the primary system stay unused
    And no system saw what belongs to another
