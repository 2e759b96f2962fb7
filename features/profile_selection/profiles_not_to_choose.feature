@baseline
Feature: Profiles that cannot be chosen
  The user may choose among the profiles that she has and that are enabled, and no other.

  # Of profiles that are not the user's, or disabled, the texts read speak for MCPTT alone.
  @mcptt @TS24379-7.2.3-05
  Scenario: A profile that the user does not have cannot be chosen
    Given Alice is served by the primary system
    When Alice asks for a profile that she does not have
    Then only a profile that Alice has is made active

  @mcptt @TS24484-8.3.2.7-51
  Scenario: A profile that was disabled during service cannot be chosen
    Given Alice is served by the primary system
    And Alice's profile "Station duty" is disabled
    When Alice asks for her profile "Station duty"
    Then the disabled profile "Station duty" is not made active

  @TS24484-6.3.13.2.2-15
  Scenario Outline: A profile that was removed during service cannot be chosen
    Given Alice uses the <service> service of the primary system
    And the primary system has removed Alice's profile "<profile>"
    When Alice asks for her profile "<profile>"
    Then the removed profile "<profile>" is not made active

    Examples:
      | service | profile          |
      | MCPTT   | Station duty     |
      | MCVideo | Station cameras  |
      | MCData  | Station messages |
