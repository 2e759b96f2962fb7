@baseline
Feature: Signature of the ID token
  Only what the identity server signed with a private key of its own tells who the user is.

  Background:
    Given Alice's terminal is switched on

  @TS33180-B.11.1-05
  Scenario: An ID token without a signature is not believed
    Given the primary identity server gives an ID token without a signature
    When Alice signs in
    And Alice starts an MC service
    Then an ID token without a signature is not believed

  @TS33180-B.11.1-04
  Scenario: An ID token that was changed after signing is not believed
    Given the primary identity server gives an ID token that was changed after signing
    When Alice signs in
    And Alice starts an MC service
    Then an ID token that does not verify is not believed

  @TS33180-B.11.1-04
  Scenario: An ID token signed with an unknown key is not believed
    Given the primary identity server gives an ID token signed with an unknown key
    When Alice signs in
    And Alice starts an MC service
    Then an ID token that does not verify is not believed

  @TS33180-B.11.1-04
  Scenario: A public key is no secret
    Given the primary identity server gives an ID token sealed with its public key
    When Alice signs in
    And Alice starts an MC service
    Then an ID token that does not verify is not believed
