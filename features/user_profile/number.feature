@mcptt
Feature: Number and names of user profiles
  A user may have many profiles, whose indexes need not follow each other, and the server
  names them in any order. All of them are obtained, and those of nobody else.

  Background:
    Given Alice is signed in at the primary system

  @TS23280-10.1.1.1-12
  Scenario: Five profiles are obtained
    Given the primary system holds five profiles for Alice
    When Alice starts the MCPTT service
    Then the configuration server has told the terminal of its documents
    And every profile of Alice that can be had is obtained

  @TS23280-10.1.1.1-12
  Scenario: Profiles with indexes far apart are obtained
    Given the primary system holds profiles for Alice with indexes far apart
    When Alice starts the MCPTT service
    Then the configuration server has told the terminal of its documents
    And every profile of Alice that can be had is obtained

  @TS23280-10.1.1.1-12
  Scenario: Profiles are obtained in whatever order they are announced
    Given the primary system announces Alice's profiles in falling order
    When Alice starts the MCPTT service
    Then the configuration server has told the terminal of its documents
    And every profile of Alice that can be had is obtained

  @TS24484-8.3.1A-52
  Scenario: Profiles are asked for by their names
    Given the primary system holds profiles for Alice with indexes far apart
    When Alice starts the MCPTT service
    Then profiles are asked for by their names

  @TS24484-6.3.3-05
  Scenario: The profile of another user is left alone
    Given the primary system also announces a profile of Bob
    When Alice starts the MCPTT service
    Then the configuration server has told the terminal of its documents
    And nothing is asked for in the directory of Bob

  @TS23280-10.1.4.3.1-01
  Scenario: No profile is asked of a partner while the user is at home
    When Alice starts the MCPTT service
    Then the profiles are asked of the primary system alone

  @TS23280-10.1.4.5-01
  Scenario: No profile is updated unasked
    Given the primary system takes updates of user profiles
    When Alice starts the MCPTT service
    Then no user profile is updated that Alice did not change
