@baseline
Feature: Lifetime of the registration
  The core says how long it keeps a registration, which the clients of all services share. The
  terminal renews it before that is over.

  @RFC3261-10.2.4-01 @RFC3261-10.2-01
  Scenario: The registration is refreshed before it expires, and numbered
    Given the primary system grants registrations a short lifetime
    And Alice is signed in at the primary system
    When Alice starts an MC service
    Then the registration is refreshed in time
    And the registrations are numbered one after the other
