@baseline @ics:pdn_by_source_address
@TS33180-B.7.1-01 @TS33180-B.7.1-02 @TS33180-B.7.1-03 @TS33180-B.7.1-05
@TS33180-B.7.1-06 @TS33180-B.7.1-07 @TS23280-10.6.3-01
@TS23280-10.1.6.2-03 @TS23280-10.1.1.2-38 @TS23280-10.16.5-01
Feature: PDN connections to a partner
  The entry of a partner names the connections over which the partner is reached. Where the
  terminal has another address on each of them, it can be seen which one it took.

  @TS23280-10.1.1.2-06
  Scenario Outline: The partner is reached over the connection of its entry
    Given a world with three partner systems
    And the profile "<profile>" names a PDN connection of its own for the partner system
    And Alice uses the <service> service of the primary system
    When Alice migrates to the partner system with her profile "<profile>"
    Then the partner system is reached over that PDN connection
    And no system saw what belongs to another

    Examples:
      | service | profile           |
      | MCPTT   | Incident command  |
      | MCVideo | Incident cameras  |
      | MCData  | Incident messages |
