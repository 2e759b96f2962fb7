@baseline @ics:automatic_partner_selection
@TS33180-B.7.1-01 @TS33180-B.7.1-02 @TS33180-B.7.1-03 @TS33180-B.7.1-05
@TS33180-B.7.1-06 @TS33180-B.7.1-07 @TS23280-10.6.3-01
@TS23280-10.1.6.2-03 @TS23280-10.1.1.2-38 @TS23280-10.16.5-01
Feature: Partners that the terminal chooses by itself
  An application of the terminal may choose the partner, say by the network that serves it. It
  chooses from the same list as the user, and the user's choice stands beside it.

  Background:
    Given a world with three partner systems

  @TS23280-10.1.1.2-07
  Scenario Outline: A partner is chosen by the network that serves the terminal
    Given Alice uses the <service> service of the primary system
    When the terminal comes into the network of the partner system
    Then the identity server of the partner system is reached where that profile has it
    And no system saw what belongs to another

    Examples:
      | service |
      | MCPTT   |
      | MCVideo |
      | MCData  |

  @TS23280-10.1.1.2-14
  Scenario Outline: By the network one partner of several is chosen
    Given Alice uses the <service> service of the primary system
    When the terminal comes into the network of the partner system
    Then the overseas system of the same profile is not contacted
    And no system saw what belongs to another

    Examples:
      | service |
      | MCPTT   |
      | MCVideo |
      | MCData  |

  @TS33180-C.2-02 @TS23280-10.1.1.2-18 @TS23280-10.1.1.2-22 @TS23280-10.1.1.2-28 @TS33180-5.1.1-02 @TS23280-10.1.1.2-29 @TS23280-10.1.1.2-30
  Scenario Outline: Who chooses does not change the order
    Given Alice uses the <service> service of the primary system
    When the terminal comes into the network of the overseas system
    Then each step at the overseas system follows those that it needs
    And no system saw what belongs to another

    Examples:
      | service |
      | MCPTT   |
      | MCVideo |
      | MCData  |
