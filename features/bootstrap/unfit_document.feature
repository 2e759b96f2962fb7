Feature: No usable initial configuration
  What a terminal cannot read tells it nothing. It has been reset, so there is no
  server that it could know of, and it goes no further.

  Background:
    Given Alice's terminal was switched on once, and reset

  @TS23280-10.1.1.1-01
  Scenario: A document that is not well-formed leads nowhere
    Given the initial UE configuration is not well-formed
    When Alice switches the terminal on and tries to sign in
    Then no other server is contacted without a configuration

  @TS23280-10.1.1.1-01
  Scenario: An empty document leads nowhere
    Given the initial UE configuration is empty
    When Alice switches the terminal on and tries to sign in
    Then no other server is contacted without a configuration

  @TS23280-10.1.1.1-01
  Scenario: A document that goes on and on leads nowhere
    Given the initial UE configuration has no end
    When Alice switches the terminal on and tries to sign in
    Then no other server is contacted without a configuration

  @TS23280-10.1.1.1-01
  Scenario: A document in another namespace leads nowhere
    Given the initial UE configuration is in another namespace
    When Alice switches the terminal on and tries to sign in
    Then no other server is contacted without a configuration

  @TS23280-10.1.1.1-01
  Scenario: A document that names no identity server leads nowhere
    Given the initial UE configuration names no identity server
    When Alice switches the terminal on and tries to sign in
    Then no other server is contacted without a configuration
