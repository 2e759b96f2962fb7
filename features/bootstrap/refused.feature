Feature: The initial configuration is refused
  A refusal is no document, whatever it carries. A terminal that is put off or sent
  elsewhere stays with the address that it was provisioned with.

  Background:
    Given Alice's terminal was switched on once, and reset

  @RFC9110-15.5-01 @TS23280-10.1.1.1-01
  Scenario: A configuration that is not found is not used
    Given the initial UE configuration is not found, though its text comes along
    When Alice switches the terminal on and tries to sign in
    Then what comes with the refusal is not used
    And no other server is contacted without a configuration

  @RFC9110-15.5-01 @TS23280-10.1.1.1-01
  Scenario: A configuration that is forbidden is not used
    Given the initial UE configuration is forbidden, though its text comes along
    When Alice switches the terminal on and tries to sign in
    Then what comes with the refusal is not used
    And no other server is contacted without a configuration

  @RFC9110-15-01
  Scenario: A configuration that is refused in an unknown way is not used
    Given the initial UE configuration is refused in an unknown way, though its text comes along
    When Alice switches the terminal on and tries to sign in
    Then what comes with the unknown refusal is not used

  @RFC9112-6.3-01
  Scenario: A configuration that breaks off is not used
    Given the initial UE configuration breaks off before its end
    When Alice switches the terminal on and tries to sign in
    Then the part that came is not used

  @TS24484-7.2.1-53
  Scenario: A redirection to another MC system is not followed
    Given the bootstrap server redirects to that of the neighbour system
    When Alice switches the terminal on and tries to sign in
    Then the terminal stays with the primary system

  @TS24484-6.2.2-01
  Scenario: A redirection to an address without TLS is not followed
    Given the bootstrap server redirects to an address without TLS
    When Alice switches the terminal on and tries to sign in
    Then the redirection is not followed in the clear
