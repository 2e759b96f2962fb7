@baseline
@TS33180-B.7.1-01 @TS33180-B.7.1-02 @TS33180-B.7.1-03 @TS33180-B.7.1-05
@TS33180-B.7.1-06 @TS33180-B.7.1-07 @TS23280-10.6.3-01
@TS23280-10.1.6.2-03 @TS23280-10.1.1.2-38 @TS23280-10.16.5-01
Feature: Before a partner is chosen
  Lists of partners are there for the user to choose from. Until then the terminal
  leaves every partner alone, whichever profile is active and whatever changes.

  Background:
    Given a world with three partner systems

  @TS23280-10.1.1.2-13
  Scenario Outline: A partner that is taken off a list is not told of it
    Given Alice uses the <service> service of the primary system
    When the primary system takes the overseas system off the profile "<profile>"
    Then no partner system was contacted
    And no system saw what belongs to another

    Examples:
      | service | profile           |
      | MCPTT   | Incident command  |
      | MCVideo | Incident cameras  |
      | MCData  | Incident messages |

  @TS23280-10.1.1.2-13
  Scenario Outline: Service at the primary needs no partner
    Given Alice uses the <service> service of the primary system
    When Alice selects her profile "<profile>"
    Then no partner system was contacted
    And no system saw what belongs to another

    Examples:
      | service | profile      |
      | MCPTT   | Border watch |
      | MCVideo | Aid cameras  |
      | MCData  | Aid messages |

  @mcptt @TS23280-10.1.1.2-13
  Scenario: A profile without partners leads nowhere
    Given Alice is served by the primary system
    When Alice selects her profile "Station duty"
    Then no partner system was contacted
    And no system saw what belongs to another

  @TS23280-10.1.1.2-13
  Scenario Outline: A service that ends leaves the partners alone
    Given Alice uses the <service> service of the primary system
    When Alice stops the service
    Then no partner system was contacted
    And no system saw what belongs to another

    Examples:
      | service |
      | MCPTT   |
      | MCVideo |
      | MCData  |
