@mcptt
Feature: Group documents
  A group may be missing or refused: the others are asked for all the same. A document may
  hold what the terminal does not know, and need not change to be announced.

  Background:
    Given Alice is signed in at the primary system

  @TS24481-6.3.3.2-03 @RFC9110-15.5.5-01
  Scenario: A missing group does not stand before the others
    Given the group county is announced and cannot be found
    When Alice starts the MCPTT service
    Then each group that the active profile lists is asked for
    And the group county is not asked for without end

  @TS24481-6.3.3.2-03 @TS24482-A.2.3-04
  Scenario: A refused group does not stand before the others
    Given access to the group county is refused
    When Alice starts the MCPTT service
    Then each group that the active profile lists is asked for
    And the refusal of the group county is taken

  @TS24481-6.3.3.2-03
  Scenario: A disabled group does not stand before the others
    Given the group county is disabled
    When Alice starts the MCPTT service
    Then each group that the active profile lists is asked for

  @RFC5875-4.8-01
  Scenario: A group that failed at first is obtained once it is announced
    Given the group county is unavailable at first
    When Alice starts the MCPTT service
    Then the group county is obtained once it is announced

  @TS24481-7.2.2-51
  Scenario: A group with unknown extensions is used
    Given the group county is served with unknown extensions
    When Alice starts the MCPTT service
    Then the extended group county is used

  @RFC9110-8.8.3-01 @RFC9110-13.1.2-01
  Scenario: The version of one group is not taken for that of another
    When Alice starts the MCPTT service
    And Alice selects her profile "Station duty"
    Then each condition names a version that was received

  @TS24484-6.3.3-03
  Scenario: A group that has not changed is kept
    When Alice starts the MCPTT service
    And the primary system announces the group county without having changed it
    Then the group county that it holds is followed further
