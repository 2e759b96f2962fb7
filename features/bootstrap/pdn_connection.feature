@ics:pdn_by_source_address
Feature: PDN connection of the initial configuration
  The initial configuration names the connections over which the servers are reached. Where the
  terminal has another address on each of them, it can be seen which one it took.

  @TS23280-10.1.1.1-10
  Scenario: The servers are reached over the connection that is named
    Given the initial UE configuration names a PDN connection of its own
    When Alice switches the terminal on and tries to sign in
    Then what follows the configuration comes over that PDN connection
