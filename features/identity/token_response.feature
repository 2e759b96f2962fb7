@baseline
Feature: Token responses
  What a token response may leave out or add does not keep the user from service.
  What it does not grant is not used.

  Background:
    Given Alice's terminal is switched on

  @TS33180-B.4.2.5-02
  Scenario: A refresh token may be missing
    Given the primary identity server gives no refresh token
    When Alice signs in
    And Alice starts an MC service
    Then the sign-in without a refresh token is used

  @TS33180-B.4.2.5-01
  Scenario: The token type may be in lower case
    Given the primary identity server writes the token type in lower case
    When Alice signs in
    And Alice starts an MC service
    Then the token type in lower case is understood

  @RFC6749-5.1-01
  Scenario: Further members are passed over
    Given the primary identity server adds members to its token responses
    When Alice signs in
    And Alice starts an MC service
    Then the further members are passed over

  @TS33180-B.10-01
  Scenario: The access token need not be readable
    Given the primary identity server gives access tokens that only servers can read
    When Alice signs in
    And Alice starts an MC service
    Then the access token is shown without being read

  @RFC6749-7.1-01
  Scenario: A token of an unknown type is not used
    Given the primary identity server gives tokens of an unknown type
    When Alice signs in
    And Alice starts an MC service
    Then no token of that type is used

  @TS33180-B.4.2.5-03
  Scenario: A token beside an error is not used
    Given the primary identity server sends tokens beside an error
    When Alice signs in
    And Alice starts an MC service
    Then no token beside that error is used
