@baseline
Feature: User name and password
  The identity server asks for user name and password. The client gives them to this
  server alone, and goes on only when they were taken.

  Background:
    Given Alice's terminal is switched on

  @TS24482-6.2.1-06
  Scenario: User name and password are posted
    When Alice signs in
    Then user name and password are posted to the identity server

  @TS24482-6.2.1-11
  Scenario: The password is shown to the identity server alone
    When Alice signs in
    And Alice starts an MC service
    Then the password of Alice is known to the identity server alone

  @TS24482-6.2.1-10
  Scenario: A wrong password leads to no token
    When Alice signs in with a wrong password
    Then no token is asked for with the wrong password

  @TS24482-5.1-01
  Scenario: After a wrong password the right one signs in
    When Alice signs in with a wrong password
    And Alice signs in
    Then the right password is accepted

  @TS24482-6.2.1-09
  Scenario: A page without a code leads to no token
    Given the primary identity server answers the log-in with a page
    When Alice signs in
    Then no token is asked for after that page
