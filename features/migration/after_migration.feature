@mcptt @baseline
@TS33180-B.7.1-01 @TS33180-B.7.1-02 @TS33180-B.7.1-03 @TS33180-B.7.1-05
@TS33180-B.7.1-06 @TS33180-B.7.1-07 @TS23280-10.6.3-01
@TS23280-10.1.6.2-03 @TS23280-10.1.1.2-38 @TS23280-10.16.5-01
Feature: After the migration
  The user returns, goes on to the next partner, or comes again.

  Background:
    Given a world with three partner systems
    And Alice is served by the primary system
    And Alice has migrated to the overseas system with "Incident command"

  @TS24379-7.2.3-05
  Scenario: After the return the primary's profiles are in use
    When Alice returns to the primary system
    Then after the return the profile in use is one of the primary system
    And no system saw what belongs to another

  @TS33180-C.2-02 @TS23280-10.1.1.2-18 @TS23280-10.1.1.2-22 @TS23280-10.1.1.2-28 @TS33180-5.1.1-02 @TS23280-10.1.1.2-29 @TS23280-10.1.1.2-30
  Scenario: At the next partner the order begins anew
    When Alice migrates to the partner system with her profile "Incident command"
    Then each step at the partner system follows those that it needs
    And no system saw what belongs to another

  @TS23280-10.1.1.2-25
  Scenario: The next partner's profile is used, not the last one's
    When Alice migrates to the partner system with her profile "Incident command"
    Then the profile in use is one of the partner system
    And no system saw what belongs to another

  @TS33180-5.1.3.1-02 @TS24379-7.2.2-06
  Scenario: Who comes again is authorised again
    When Alice returns to the primary system
    And Alice migrates to the overseas system with her profile "Incident command"
    Then the overseas system is asked for service authorisation with its own token
    And no system saw what belongs to another
