Feature: Lost and misleading answers
  Connections break, and not every server means well. What the terminal holds goes
  nowhere but where it belongs, and only as often as it may.

  @RFC6749-4.1.2-01
  Scenario: A code whose answer was lost is not sent again
    Given Alice's terminal is switched on
    And the answer to the first token request is lost
    When Alice signs in
    Then the code is not sent a second time

  @TS33180-B.7.1-01
  Scenario: A redirection does not take a token to another MC system
    Given Alice is signed in at the primary system
    And the configuration server redirects to that of the partner system
    When Alice starts an MC service
    Then no token of the primary is shown elsewhere

  @TS33180-6.1.2-01
  Scenario: A redirection does not take a request out of TLS
    Given Alice is signed in at the primary system
    And the configuration server redirects to an address without TLS
    When Alice starts an MC service
    Then documents are asked for over TLS only
