@mcptt @baseline
Feature: Groups of the chosen profile
  With the active profile the groups change that the terminal works with.

  Background:
    Given Alice is served by the primary system

  @TS24481-6.3.13.2.1-09
  Scenario: The groups of the chosen profile are subscribed to
    When Alice selects her profile "Station duty"
    Then the groups of the chosen profile are subscribed to

  @TS24481-6.3.13.2.1-12
  Scenario: Groups that the chosen profile does not list are not subscribed to any more
    When Alice selects her profile "Station duty"
    Then no group that only the profile "Incident command" lists is still subscribed to

  @TS24481-6.3.3.2-05
  Scenario: Groups that the chosen profile does not list are not asked for any more
    When Alice selects her profile "Station duty"
    Then no group that the chosen profile does not list is asked for
