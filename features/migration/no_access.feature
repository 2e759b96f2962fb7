@baseline
@TS33180-B.7.1-01 @TS33180-B.7.1-02 @TS33180-B.7.1-03 @TS33180-B.7.1-05
@TS33180-B.7.1-06 @TS33180-B.7.1-07 @TS23280-10.6.3-01
@TS23280-10.1.6.2-03 @TS23280-10.1.1.2-38 @TS23280-10.16.5-01
Feature: What gives no access to a partner
  A user without a profile has no partner to choose, and partners stand in that part of a
  profile that is for use of the network.

  @TS23280-10.1.1.2-01
  Scenario Outline: Without a profile there is nothing to choose
    Given a world with three partner systems
    And Alice is signed in at the primary system
    When Alice asks the <service> client for the overseas system though no service was started
    Then nothing was done about migration
    And no system saw what belongs to another

    Examples:
      | service |
      | MCPTT   |
      | MCVideo |
      | MCData  |

  @TS23280-10.1.6.1-01
  Scenario Outline: A list for off-network use is not gone by
    Given a world with three partner systems
    And the profile "<profile>" tells of partners for off-network use only
    And Alice uses the <service> service of the primary system
    When Alice migrates to the overseas system with her profile "<profile>"
    Then the overseas system that is told of off network only is not reached
    And no system saw what belongs to another

    Examples:
      | service | profile           |
      | MCPTT   | Incident command  |
      | MCVideo | Incident cameras  |
      | MCData  | Incident messages |
