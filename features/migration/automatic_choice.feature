@mcptt @baseline @ics:automatic_partner_selection
@TS33180-B.7.1-01 @TS33180-B.7.1-02 @TS33180-B.7.1-03 @TS33180-B.7.1-05
@TS33180-B.7.1-06 @TS33180-B.7.1-07 @TS23280-10.6.3-01
@TS23280-10.1.6.2-03 @TS23280-10.1.1.2-38 @TS23280-10.16.5-01
Feature: Partners that the terminal chooses by itself
  An application of the terminal may choose the partner, say by the network that serves it. It
  chooses from the same list as the user, and the user's choice stands beside it.

  Background:
    Given a world with three partner systems
    And Alice is served by the primary system

  @TS23280-10.1.1.2-07
  Scenario: A partner is chosen by the network that serves the terminal
    When the terminal comes into the network of the partner system
    Then the identity server of the partner system is reached where that profile has it
    And no system saw what belongs to another

  @TS23280-10.1.1.2-14
  Scenario: By the network one partner of several is chosen
    When the terminal comes into the network of the partner system
    Then the overseas system of the same profile is not contacted
    And no system saw what belongs to another

  @TS33180-C.2-02 @TS23280-10.1.1.2-18 @TS23280-10.1.1.2-22 @TS23280-10.1.1.2-28 @TS33180-5.1.1-02 @TS23280-10.1.1.2-29 @TS23280-10.1.1.2-30
  Scenario: Who chooses does not change the order
    When the terminal comes into the network of the overseas system
    Then each step at the overseas system follows those that it needs
    And no system saw what belongs to another

  @TS23280-10.1.1.2-04
  Scenario: The network of a partner that stands on other lists only leads nowhere
    When the terminal comes into the network of a partner that is not its own to choose
    Then the neighbour system is not contacted
    And no system saw what belongs to another

  @TS23280-10.1.1.2-13
  Scenario: A network of nobody leads nowhere
    When the terminal comes into a network of nobody
    Then no partner system was contacted
    And no system saw what belongs to another

  @TS23280-10.1.1.2-25
  Scenario: A network of nobody does not end migrated service
    Given Alice has migrated to the overseas system with "Incident command"
    When the terminal comes into a network of nobody
    And Alice turns to her profile "Observer" of the overseas system
    Then the profile in use is one of the overseas system
    And no system saw what belongs to another
