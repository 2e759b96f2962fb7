@baseline
Feature: Answers that end a sign-in
  The state ties the answer to its request. An answer that is not for this request, or
  that carries no code, leads to no token.

  Background:
    Given Alice's terminal is switched on

  @TS33180-B.4.2.3-02
  Scenario: A code without a state is dropped
    Given the primary identity server answers the log-in without a state
    When Alice signs in
    Then the code without a state is not redeemed

  @TS33180-B.4.2.3-01
  Scenario: A code with another state is dropped
    Given the primary identity server answers the log-in with the state of another request
    When Alice signs in
    Then the code with the state of another request is not redeemed

  @TS33180-B.4.2.3-03
  Scenario: An error in place of the code ends the sign-in
    Given the primary identity server answers the log-in with an error
    When Alice signs in
    Then no token is asked for after that error

  @RFC7636-4.1-02 @RFC6749-10.12-01
  Scenario: A sign-in after a dropped answer is a new one
    Given the primary identity server answers the first log-in with a wrong state
    When Alice tries to sign in twice
    Then each sign-in has a code verifier and a state of its own
