Feature: Addresses of other kinds
  SIP has its own server, and a server may be reached by IPv6 while its neighbours are
  reached by IPv4.

  Background:
    Given Alice's terminal was switched on once, and reset

  @TS23280-10.1.1.1-06
  Scenario: The MC service server is on a host of its own
    Given the MC service server of the primary system is on a host of its own
    And Alice has switched the terminal on again and signed in
    When Alice starts an MC service
    Then the terminal registers where that server is now

  @RFC5875-4.8-01 @ics:ipv6
  Scenario: The configuration server has an IPv6 address
    Given the configuration server of the primary system has an IPv6 address
    And Alice has switched the terminal on again and signed in
    When Alice starts an MC service
    Then the configuration server has told the terminal of its documents
    And every document that was announced is obtained
