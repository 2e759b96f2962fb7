@baseline
Feature: Whom tokens are shown to
  The access token is for the servers of the system, the refresh token for the identity
  server, and the ID token for the client itself.

  Background:
    Given Alice is signed in at the primary system

  @TS33180-B.10-02
  Scenario: Management servers are shown an access token
    When Alice starts an MC service
    Then the management servers are shown the access token as a bearer token

  @RFC6750-2-01
  Scenario: An access token is sent in one place
    When Alice starts an MC service
    Then no request carries its access token in two places

  @RFC6749-10.4-01
  Scenario: A refresh token is for its issuer
    When Alice starts an MC service
    Then the refresh token is shown to nobody but its issuer

  @TS33180-B.2.1.3-02
  Scenario: The user acts under the identity of her ID token
    When Alice starts an MC service
    Then Alice's documents are asked for under the identity of her ID token
