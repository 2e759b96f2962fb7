@baseline
Feature: Validation of the ID token
  An ID token that is not for this client, not of this server, or not valid now says
  nothing about the user. Signature and algorithm are looked at as well.

  Background:
    Given Alice's terminal is switched on

  @TS33180-B.11.1-02
  Scenario: An ID token for another client is not believed
    Given the primary identity server gives an ID token for another client
    When Alice signs in
    And Alice starts an MC service
    Then an ID token for another client is not believed

  @TS33180-B.11.1-02
  Scenario: An ID token for no client is not believed
    Given the primary identity server gives an ID token for no client
    When Alice signs in
    And Alice starts an MC service
    Then an ID token for another client is not believed

  @TS33180-B.11.1-01
  Scenario: An ID token of another identity server is not believed
    Given the primary identity server gives an ID token of the partner system
    When Alice signs in
    And Alice starts an MC service
    Then an ID token of another issuer is not believed

  @TS33180-B.11.1-06
  Scenario: The access token beside a refused ID token is not used
    Given the primary identity server gives an ID token for another client
    When Alice signs in
    And Alice starts an MC service
    Then the access token that came with that ID token is not used

  @RFC7519-4.1.3-01
  Scenario: An audience in an array is understood
    Given the primary identity server names the audience of ID tokens in an array
    When Alice signs in
    And Alice starts an MC service
    Then the audience in an array is understood

  @RFC7519-4-01
  Scenario: Further claims are passed over
    Given the primary identity server adds claims to its ID tokens
    When Alice signs in
    And Alice starts an MC service
    Then the further claims are passed over
