Feature: Group documents
  A document may hold what the terminal does not know, and need not change to be announced.

  Background:
    Given Alice is signed in at the primary system

  @TS24481-7.2.2-51
  Scenario: A group with unknown extensions is used
    Given the group command is served with unknown extensions
    When Alice starts an MC service
    Then the extended group command is used

  @RFC9110-8.8.3-01 @RFC9110-13.1.2-01
  Scenario: The version of one group is not taken for that of another
    When Alice starts an MC service
    And Alice selects her profile "that is not pre-selected"
    Then each condition names a version that was received

  @TS24484-6.3.3-03
  Scenario: A group that has not changed is kept
    When Alice starts an MC service
    And the primary system announces the group command without having changed it
    Then the group command that it holds is followed further
