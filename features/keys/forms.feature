Feature: Keys in other forms
  A key server may give keys of more than one period at once, and may encrypt them for the
  terminal.

  @TS33180-D.3.3-01
  Scenario: Keys of several periods are taken
    Given Alice is signed in at the primary system
    And the key server gives keys of the next period beside those of this one
    When Alice starts an MC service
    Then the terminal goes on with keys of several periods

  @ics:kms_transport_key @TS33180-D.2.2-08
  Scenario: A terminal with a transport key names it
    Given Alice's terminal has a transport key in common with the key server
    And Alice is signed in at the primary system
    When Alice starts an MC service
    Then the requests for keys name the transport key

  @ics:kms_transport_key @TS33180-D.1-03
  Scenario: Keys that are encrypted for the terminal are taken
    Given Alice's terminal has a transport key in common with the key server
    And the key server encrypts keys under the transport key
    And Alice is signed in at the primary system
    When Alice starts an MC service
    Then the terminal goes on with encrypted keys
