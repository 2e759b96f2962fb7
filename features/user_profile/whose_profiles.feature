Feature: Whose user profiles
  A terminal obtains the profiles of its own user, from the system that serves her, and writes
  none unasked.

  Background:
    Given Alice is signed in at the primary system

  @TS24484-6.3.3-05
  Scenario Outline: The profile of another user is left alone
    Given Alice is about to use the <service> service
    And the primary system also announces a profile of Bob
    When Alice starts the <service> service
    Then the configuration server has told the terminal of its documents
    And nothing is asked for in the directory of Bob

    Examples:
      | service |
      | MCPTT   |
      | MCVideo |
      | MCData  |

  @TS23280-10.1.4.3.1-01
  Scenario: No profile is asked of a partner while the user is at home
    When Alice starts an MC service
    Then the profiles are asked of the primary system alone

  @TS23280-10.1.4.5-01
  Scenario: No profile is updated unasked
    Given the primary system takes updates of user profiles
    When Alice starts an MC service
    Then no user profile is updated that Alice did not change
