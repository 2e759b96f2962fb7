Feature: Late and busy servers
  In an incident everybody signs in at once. A terminal waits for what comes late, and
  when it is told how long to stay away, it does.

  @TS33180-B.4.2.1-01
  Scenario: A late identity server is waited for
    Given Alice's terminal is switched on
    And the identity server answers late
    When Alice signs in
    Then the sign-in goes on to its end

  @TS33180-D.2.1-04
  Scenario: A late key server is waited for
    Given Alice is signed in at the primary system
    And the key server answers late
    When Alice starts an MC service
    Then the keys follow the certificate

  @RFC5875-4.8-01
  Scenario: A late configuration server is waited for
    Given Alice is signed in at the primary system
    And the configuration server answers late
    When Alice starts an MC service
    Then the configuration server has told the terminal of its documents
    And late documents do not keep it from the others

  @RFC9110-10.2.3-01
  Scenario: A busy bootstrap server is left alone for a while
    Given the bootstrap server is busy at first
    When Alice's terminal is switched on
    Then the terminal asks again no sooner than it was told

  @RFC9110-10.2.3-01
  Scenario: A busy configuration server is left alone for a while
    Given Alice is signed in at the primary system
    And the configuration server is busy at first
    When Alice starts an MC service
    Then the terminal asks again no sooner than it was told
