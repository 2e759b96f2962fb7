@mcptt @baseline
Feature: Group configuration
  The group management client obtains the groups that the active profile lists, from the
  group server of the primary MC system.

  Background:
    Given Alice is signed in at the primary system

  @TS33180-5.1.3.1-02 @TS24379-7.2.2-06 @TS33180-5.1.1-02
  @TS23280-10.1.1.1-13 @TS24481-6.3.3.2-03 @TS23280-10.1.1.1-04
  @TS33180-5.1.3.1-04 @TS24481-6.3.3.2-02 @TS23280-10.1.5.2-01
  Scenario: Each group of the active profile is obtained
    When Alice starts the MCPTT service
    Then service authorisation is asked of the primary system
    And each group of Alice's active profile is obtained
    And those group requests go to the group server of the primary system
    And those group requests carry the user's access token
    And they follow the profile that lists them

  @TS33180-5.1.3.1-02 @TS24379-7.2.2-06 @TS33180-5.1.1-02
  @TS24481-6.3.3.2-05
  Scenario: A group that the active profile does not list is not asked for
    When Alice starts the MCPTT service
    Then service authorisation is asked of the primary system
    And no other group is asked for

  @TS33180-5.1.3.1-02 @TS24379-7.2.2-06 @TS33180-5.1.1-02
  @TS24481-6.3.13.2.1-08
  Scenario: The groups of the active profile are subscribed to
    When Alice starts the MCPTT service
    Then service authorisation is asked of the primary system
    And the groups of Alice's active profile are subscribed to
