Feature: Signalling on a bad day
  Datagrams are lost, servers are busy, and there is more in a message than the
  terminal knows.

  Background:
    Given Alice is signed in at the primary system

  @ics:sip_over_udp @RFC3261-17.1.2.2-01
  Scenario: A registration is sent again until it is answered
    Given the MC service server answers registrations late
    When Alice starts an MC service
    Then the registration is repeated while no answer comes

  @ics:sip_over_udp @RFC3261-17.1.2.2-01
  Scenario: A publication is sent again until it is answered
    Given the MC service server answers publications late
    When Alice starts an MC service
    Then the publication is repeated while no answer comes

  @RFC3261-21.5.4-01
  Scenario: A busy MC service server is left alone for a while
    Given the MC service server is busy at first
    When Alice starts an MC service
    Then it is sent nothing before the time is over

  @RFC3261-8.1.3.2-01
  Scenario: A registration may succeed in an unknown way
    Given the MC service server accepts registrations in an unknown way
    When Alice starts an MC service
    Then the service goes on after the registration
