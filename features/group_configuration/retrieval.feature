@baseline @main_job
Feature: Group configuration
  The group management client obtains the groups that the active profile lists, from the
  group server of the primary MC system.

  Background:
    Given Alice is signed in at the primary system

  @TS23280-10.1.1.1-13 @TS24481-6.3.3.2-03 @TS23280-10.1.1.1-04
  @TS33180-5.1.3.1-04 @TS24481-6.3.3.2-02 @TS23280-10.1.5.2-01
  Scenario Outline: Each group of the active profile is obtained
    When Alice starts the <service> service
    Then service authorisation has been asked for
    And each group of Alice's active profile is obtained
    And those group requests go to the group server of the primary system
    And those group requests carry the user's access token
    And they follow the profile that lists them

    Examples:
      | service |
      | MCPTT   |
      | MCVideo |
      | MCData  |

  @TS24481-6.3.3.2-05
  Scenario Outline: A group that the active profile does not list is not asked for
    When Alice starts the <service> service
    Then service authorisation has been asked for
    And no other group is asked for

    Examples:
      | service |
      | MCPTT   |
      | MCVideo |
      | MCData  |

  @TS24481-6.3.13.2.1-08
  Scenario Outline: The groups of the active profile are subscribed to
    When Alice starts the <service> service
    Then service authorisation has been asked for
    And the groups of Alice's active profile are subscribed to

    Examples:
      | service |
      | MCPTT   |
      | MCVideo |
      | MCData  |
