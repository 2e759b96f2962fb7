@baseline
Feature: Form of the requests of a sign-in
  The authentication request and the token request have the form that OAuth 2.0 and
  OpenID Connect give them.

  Background:
    Given Alice's terminal is switched on

  @TS24482-6.2.1-03 @TS24482-6.2.1-04
  Scenario: Authentication is asked for in one of two ways
    When Alice signs in
    Then authentication is asked for in one of the two ways that there are

  @TS33180-B.4.2.2-10
  Scenario: Scopes are spelled as they are defined
    When Alice signs in
    Then the scopes are spelled as they are defined

  @TS33180-B.4.2.2-15
  Scenario: Authentication by password is accepted
    When Alice signs in
    Then authentication by password is among what the client accepts

  @RFC7636-7.2-01
  Scenario: A server without S256 brings no plain challenge about
    Given the primary identity server does not know the code challenge method
    When Alice signs in
    Then no authentication request falls back to a plain challenge

  @RFC7636-4.1-01
  Scenario: The code verifier is hard to guess
    When Alice signs in
    Then the code verifier is long enough and of the allowed characters

  @RFC6749-4.1.2-01
  Scenario: A code is sent once
    When Alice signs in
    Then the code is sent once

  @RFC6749-3.2-01
  Scenario: No parameter of the token request stands there twice
    When Alice signs in
    Then no parameter of the token request stands there twice

  @TS24482-6.2.1-07
  Scenario: The configured token endpoint goes before the server's metadata
    Given the metadata of the primary identity server names another token endpoint
    When Alice signs in
    Then the token is asked for at the configured token endpoint
