@baseline @ics:automatic_partner_selection
@TS33180-B.7.1-01 @TS33180-B.7.1-02 @TS33180-B.7.1-03 @TS33180-B.7.1-05
@TS33180-B.7.1-06 @TS33180-B.7.1-07 @TS23280-10.6.3-01
@TS23280-10.1.6.2-03 @TS23280-10.1.1.2-38 @TS23280-10.16.5-01
Feature: Networks that lead to no partner
  A network leads a terminal to a partner only if the list that it goes by has that partner.

  Background:
    Given a world with three partner systems

  @TS23280-10.1.1.2-04
  Scenario Outline: The network of a partner that stands on other lists only leads nowhere
    Given Alice uses the <service> service of the primary system
    When the terminal comes into the network of a partner that is not its own to choose
    Then the neighbour system is not contacted
    And no system saw what belongs to another

    Examples:
      | service |
      | MCPTT   |
      | MCVideo |
      | MCData  |

  @TS23280-10.1.1.2-13
  Scenario Outline: A network of nobody leads nowhere
    Given Alice uses the <service> service of the primary system
    When the terminal comes into a network of nobody
    Then no partner system was contacted
    And no system saw what belongs to another

    Examples:
      | service |
      | MCPTT   |
      | MCVideo |
      | MCData  |

  @TS23280-10.1.1.2-25
  Scenario Outline: A network of nobody does not end migrated service
    Given Alice uses the <service> service of the primary system
    And Alice has migrated to the overseas system with "<profile>"
    When the terminal comes into a network of nobody
    And Alice turns to her profile "<other>" of the overseas system
    Then the profile in use is one of the overseas system
    And no system saw what belongs to another

    Examples:
      | service | profile           | other           |
      | MCPTT   | Incident command  | Observer        |
      | MCVideo | Incident cameras  | Watching camera |
      | MCData  | Incident messages | Reading clerk   |
