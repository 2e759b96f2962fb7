@ics:sip_digest_authentication
Feature: Registration that is challenged
  A SIP core may let a terminal register only after it has shown that it knows a password.

  Background:
    Given the SIP core of the primary system challenges registrations
    And Alice is signed in at the primary system

  @RFC3261-22.2-01
  Scenario: A challenged registration is sent again with credentials
    When Alice starts an MC service
    Then the challenged registration is sent again with credentials

  @RFC2617-3.2.2-01
  Scenario: The credentials answer the challenge
    When Alice starts an MC service
    Then the credentials of the registration answer the challenge
