Feature: Contents of user profiles
  A profile may hold what this terminal has never heard of, in an order of its own. What is
  no profile at all is not used.

  Background:
    Given Alice is signed in at the primary system

  # What a profile may hold besides, and where, the texts read say for MCPTT.
  @mcptt @TS24484-8.3.2.3-51
  Scenario: A profile with unknown extensions is used
    Given the profile "Incident command" is served with unknown extensions
    When Alice starts the MCPTT service
    Then the extended profile "Incident command" is used

  @mcptt @TS24484-8.3.2.3-52
  Scenario: A profile in another order is used
    Given the profile "Incident command" is served in another order
    When Alice starts the MCPTT service
    Then the reordered profile "Incident command" is used

  @mcptt @TS24484-8.3.2.3-53
  Scenario: A profile without partner systems is used
    Given no profile of Alice lists a partner system
    When Alice starts the MCPTT service
    Then the profile "Incident command" is used without partners

  @XML1.0-1.2-01
  Scenario Outline: A profile that is cut off is not used
    Given Alice is about to use the <service> service
    And the profile "<profile>" is served cut off
    When Alice starts the <service> service
    Then no group that only the broken profile "<profile>" lists is asked for

    Examples:
      | service | profile           |
      | MCPTT   | Incident command  |
      | MCVideo | Incident cameras  |
      | MCData  | Incident messages |

  @mcptt @TS24484-8.3.2.4-51
  Scenario: A document of another namespace is not used as a profile
    Given the profile "Incident command" is served in another namespace
    When Alice starts the MCPTT service
    Then no group that only the foreign document "Incident command" lists is asked for
