Feature: Number and names of user profiles
  A user may have many profiles, whose indexes need not follow each other, and the server
  names them in any order. All of them are obtained.

  Background:
    Given Alice is signed in at the primary system

  @TS23280-10.1.1.1-12
  Scenario Outline: Five profiles are obtained
    Given Alice is about to use the <service> service
    And the primary system holds five profiles for Alice
    When Alice starts the <service> service
    Then the configuration server has told the terminal of its documents
    And every profile of Alice that can be had is obtained

    Examples:
      | service |
      | MCPTT   |
      | MCVideo |
      | MCData  |

  @TS23280-10.1.1.1-12
  Scenario Outline: Profiles with indexes far apart are obtained
    Given Alice is about to use the <service> service
    And the primary system holds profiles for Alice with indexes far apart
    When Alice starts the <service> service
    Then the configuration server has told the terminal of its documents
    And every profile of Alice that can be had is obtained

    Examples:
      | service |
      | MCPTT   |
      | MCVideo |
      | MCData  |

  @TS23280-10.1.1.1-12
  Scenario: Profiles are obtained in whatever order they are announced
    Given the primary system announces Alice's profiles in falling order
    When Alice starts an MC service
    Then the configuration server has told the terminal of its documents
    And every profile of Alice that can be had is obtained

  @mcptt @TS24484-8.3.1A-52
  Scenario: Profiles are asked for by their names
    Given the primary system holds profiles for Alice with indexes far apart
    When Alice starts the MCPTT service
    Then profiles are asked for by their names
