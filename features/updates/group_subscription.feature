@mcptt @baseline
Feature: Subscription to group documents
  The group management client subscribes to the groups of the active profile, so that the group
  server can tell it of changes.

  Background:
    Given Alice is signed in at the primary system

  @TS24481-6.3.13.2.1-01 @TS24481-6.3.13.2.1-02 @TS24481-6.3.13.2.1-05
  @TS24481-6.3.13.2.1-06 @TS24481-6.3.13.2.1-07
  Scenario: The subscription to groups has its form
    When Alice starts the MCPTT service
    Then the subscription to groups has its form

  @TS24481-6.3.13.2.1-04
  Scenario: The subscription to groups presents the token
    When Alice starts the MCPTT service
    Then the subscription to groups presents the user's access token

  @TS24481-6.3.13.2.1-03
  Scenario: The subscription to groups lists them
    When Alice starts the MCPTT service
    Then the subscription to groups lists each group of Alice's active profile

  @RFC6665-3.1.2-01
  Scenario: Each subscription names its event
    When Alice starts the MCPTT service
    Then each subscription names the event that it is for

  @RFC5875-4.4-01
  Scenario: Each subscription lists its documents
    When Alice starts the MCPTT service
    Then each subscription lists the documents that it is for
