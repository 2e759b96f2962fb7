@mcptt @baseline
@TS33180-B.7.1-01 @TS33180-B.7.1-02 @TS33180-B.7.1-03 @TS33180-B.7.1-05
@TS33180-B.7.1-06 @TS33180-B.7.1-07 @TS23280-10.6.3-01
@TS23280-10.1.6.2-03 @TS23280-10.1.1.2-38 @TS23280-10.16.5-01
Feature: Silence before migrated service
  What the terminal lacks at last is a group, or the answer that authorises it.

  Background:
    Given a world with three partner systems
    And the terminal does not wait long for an answer
    And Alice is served by the primary system

  @TS23280-10.1.1.2-30
  Scenario: A silent group server ends the migration
    Given the group server of the partner system never answers
    When Alice migrates to the partner system with her profile "Incident command"
    Then service authorisation is not asked of the partner system without its groups
    And no system saw what belongs to another

  @TS23280-10.6.3.2.1-07
  Scenario: A request for service that is not answered gives no service
    Given the partner system never answers a request for service authorisation
    When Alice migrates to the partner system with her profile "Incident command"
    And Alice turns to her profile "Visiting officer" of the partner system
    Then the terminal does not act as authorised by the silent partner system
    And no system saw what belongs to another
