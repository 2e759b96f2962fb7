@baseline
Feature: Refresh of the access token
  When a server no longer accepts the access token, the client obtains a new one with its
  refresh token. The new tokens take the place of the old ones.

  Background:
    Given Alice is signed in at the primary system

  @TS33180-B.5.2-01 @TS33180-B.5.2-02 @TS33180-B.5.2-03
  Scenario: A token is refreshed with the refresh token
    Given the primary system no longer accepts Alice's access token
    When Alice starts an MC service
    Then the token is refreshed as the profile of OpenID Connect says

  @TS33180-B.5.3-01
  Scenario: The new access token takes the place of the old one
    Given the primary system no longer accepts Alice's access token
    When Alice starts an MC service
    Then the new access token is shown from then on

  @TS33180-B.5.3-02
  Scenario: A refused refresh ends the use of the token
    Given the primary identity server refuses to refresh tokens
    And the primary system no longer accepts Alice's access token
    When Alice starts an MC service
    Then the access token that is over is not shown after the refusal

  @RFC6749-6-01
  Scenario: The new refresh token takes the place of the old one
    Given the primary system no longer accepts Alice's access token
    When Alice starts an MC service
    And the primary system no longer accepts Alice's access token
    And the primary system changes the UE configuration of Alice's terminal
    Then the second refresh is asked for with the new refresh token
