@mcptt @baseline
Feature: Lifetime of registration and publication
  The server says how long it keeps what it was told. The terminal renews it before that is over,
  and names what it renews.

  @RFC3903-4.3-02
  Scenario: The publication is refreshed before it expires
    Given the primary system grants publications a short lifetime
    And Alice is signed in at the primary system
    When Alice starts the MCPTT service
    Then the publication is refreshed in time

  @RFC3903-4.3-01
  Scenario: The refresh names the publication
    Given the primary system grants publications a short lifetime
    And Alice is signed in at the primary system
    When Alice starts the MCPTT service
    Then the refresh names the publication

  @RFC3903-4.4-01
  Scenario: A choice after a refresh builds on the refresh
    Given the primary system grants publications a short lifetime
    And Alice is served by the primary system
    And Alice's publication has been refreshed
    When Alice selects her profile "Station duty"
    Then that choice names the last answer to a publication

  @RFC3903-4.6-01
  Scenario: A refresh that finds the publication lost does not name it again
    Given the primary system grants publications a short lifetime
    And Alice is served by the primary system
    When the primary system loses Alice's publication
    Then the lost publication is not named again

  @RFC3903-4.6-02
  Scenario: A refresh that finds the publication lost makes it anew
    Given the primary system grants publications a short lifetime
    And Alice is served by the primary system
    When the primary system loses Alice's publication
    Then the lost publication is made anew

  @RFC3261-10.2.4-01
  Scenario: The registration is refreshed before it expires
    Given the primary system grants registrations a short lifetime
    And Alice is signed in at the primary system
    When Alice starts the MCPTT service
    Then the registration is refreshed in time

  @RFC3261-10.2-01
  Scenario: Registrations are numbered
    Given the primary system grants registrations a short lifetime
    And Alice is signed in at the primary system
    When Alice starts the MCPTT service
    Then the registrations are numbered one after the other
