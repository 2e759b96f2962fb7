Feature: Initial configuration that changed
  Servers may move while a terminal is switched off. What it is told when it is switched on again
  counts, not what it was told the last time.

  Background:
    Given Alice was served, and has switched the terminal off

  @TS23280-10.1.1.1-03
  Scenario: The configuration server moved since the terminal was in service
    Given the configuration server of the primary system is on a host of its own
    And Alice has switched on with the changed configuration and signed in
    When Alice starts an MC service
    Then the configuration server is asked where it is now

  @TS23280-10.1.1.1-04
  Scenario: The group server moved since the terminal was in service
    Given the group server of the primary system is on a host of its own
    And Alice has switched on with the changed configuration and signed in
    When Alice starts an MC service
    Then the group server is asked where it is now
