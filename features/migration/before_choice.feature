@mcptt @baseline
@TS33180-B.7.1-01 @TS33180-B.7.1-02 @TS33180-B.7.1-03 @TS33180-B.7.1-05
@TS33180-B.7.1-06 @TS33180-B.7.1-07 @TS23280-10.6.3-01
@TS23280-10.1.6.2-03 @TS23280-10.1.1.2-38 @TS23280-10.16.5-01
Feature: Before a partner is chosen
  Lists of partners are there for the user to choose from. Until then the terminal
  leaves every partner alone, whichever profile is active and whatever changes.

  Background:
    Given a world with three partner systems
    And Alice is served by the primary system

  @TS23280-10.1.1.2-13
  Scenario: Service at the primary needs no partner
    When Alice selects her profile "Border watch"
    Then no partner system was contacted
    And no system saw what belongs to another

  @TS23280-10.1.1.2-13
  Scenario: A profile without partners leads nowhere
    When Alice selects her profile "Station duty"
    Then no partner system was contacted
    And no system saw what belongs to another

  @TS23280-10.1.1.2-13
  Scenario: A partner that is put on a list is not contacted for that
    When the primary system puts the neighbour system on the profile "Incident command"
    Then no partner system was contacted
    And no system saw what belongs to another

  @TS23280-10.1.1.2-13
  Scenario: A partner that is taken off a list is not told of it
    When the primary system takes the overseas system off the profile "Incident command"
    Then no partner system was contacted
    And no system saw what belongs to another

  @TS23280-10.1.1.2-13
  Scenario: A service that ends leaves the partners alone
    When Alice stops the service
    Then no partner system was contacted
    And no system saw what belongs to another
