Feature: Every address is taken from the configuration
  Servers of one MC system need not live together. Where each of them is, the initial
  configuration says, and nothing else does.

  Background:
    Given Alice's terminal was switched on once, and reset

  @TS24482-6.2.1-07
  Scenario: The token endpoint is not where the authorisation endpoint is
    Given the token endpoint of the primary system is another one
    When Alice switches the terminal on and tries to sign in
    Then the code is redeemed at that endpoint

  @RFC6749-3.1-02
  Scenario: The authorisation endpoint has a query of its own
    Given the authorisation endpoint of the primary system has a query
    When Alice switches the terminal on and tries to sign in
    Then the authentication request keeps that query

  @TS23280-10.1.1.1-05
  Scenario: The key server is on a host of its own
    Given the key server of the primary system is on a host of its own
    And Alice has switched the terminal on again and signed in
    When Alice starts an MC service
    Then the key server is asked where it is now

  @TS23280-10.1.1.1-03
  Scenario: The configuration server is on a host of its own
    Given the configuration server of the primary system is on a host of its own
    And Alice has switched the terminal on again and signed in
    When Alice starts an MC service
    Then the configuration server is asked where it is now

  @TS23280-10.1.1.1-04
  Scenario: The group server is on a host of its own
    Given the group server of the primary system is on a host of its own
    And Alice has switched the terminal on again and signed in
    When Alice starts an MC service
    Then the group server is asked where it is now
