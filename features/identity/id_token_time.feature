@baseline
Feature: Time in the ID token
  An ID token is good for a while. Clocks may differ by half a minute, no more.

  Background:
    Given Alice's terminal is switched on

  @TS33180-B.11.1-03
  Scenario: An ID token that expired long ago is not believed
    Given the primary identity server gives an ID token that expired long ago
    When Alice signs in
    And Alice starts an MC service
    Then an ID token that has expired is not believed

  @TS33180-B.2.1.2-02
  Scenario: The leeway for clocks is kept
    Given the primary identity server gives an ID token that expired a moment ago
    When Alice signs in
    And Alice starts an MC service
    Then an ID token past the leeway for clocks is not believed

  @RFC7519-4.1.5-01
  Scenario: An ID token is not believed before its time
    Given the primary identity server gives an ID token that is not valid yet
    When Alice signs in
    And Alice starts an MC service
    Then an ID token is not believed before its time
