@mcptt @baseline
Feature: Updates during service
  While a user is served, the MC system may change what it configured. It tells the
  terminal, and the terminal fetches what changed.

  Background:
    Given Alice is served by the primary system

  @TS23280-10.1.1.1-16 @TS23280-10.1.5.2-04 @TS24481-6.3.13.2.1-10
  Scenario: A changed group is fetched
    When the primary system changes the group command
    Then the changed group is fetched

  @TS23280-10.1.1.1-15 @TS24484-6.3.13.2.2-13
  Scenario: A changed user profile is fetched
    When the primary system changes Alice's profile "Incident command"
    Then the changed profile is fetched

  @TS23280-10.1.1.1-14 @TS24484-6.3.13.2.2-13
  Scenario: A changed UE configuration is fetched
    When the primary system changes the UE configuration of Alice's terminal
    Then the changed UE configuration is fetched

  @TS24484-6.3.13.2.2-13
  Scenario: A changed service configuration is fetched
    When the primary system changes the service configuration
    Then the changed service configuration is fetched

  @RFC6665-4.1.3-01
  Scenario: An announced change is answered
    When the primary system changes the group command
    Then the announcement is answered
