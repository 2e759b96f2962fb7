@baseline
Feature: Lifetime and scope of the access token
  The token response says how long an access token may be used and what it is good for.

  @TS33180-B.12-01
  Scenario: An access token is not shown past its lifetime
    Given the access tokens of the primary system live for moments only
    And Alice is served by the primary system
    When the lifetime of Alice's access token has passed
    And the primary system changes the UE configuration of Alice's terminal
    Then no access token is shown past its lifetime

  @TS33180-B.12-03
  Scenario: Service goes on with a fresh access token
    Given the access tokens of the primary system live for moments only
    And Alice is served by the primary system
    When the lifetime of Alice's access token has passed
    And the primary system changes the UE configuration of Alice's terminal
    Then service goes on with a fresh access token

  @TS33180-B.5.3-01
  Scenario: A token that is refused during service is replaced
    Given Alice is served by the primary system
    When the primary system no longer accepts Alice's access token
    And the primary system changes the UE configuration of Alice's terminal
    Then the new access token is shown from then on

  @TS24482-A.2.3-04
  Scenario: A request that is refused during service is not repeated without end
    Given Alice is served by the primary system
    And the primary identity server refuses to refresh tokens
    When the primary system no longer accepts Alice's access token
    And the primary system changes the UE configuration of Alice's terminal
    Then no refused request is repeated without end

  @TS33180-B.5.2-04
  Scenario: A refresh asks for no more than was granted
    Given Alice's terminal is switched on
    And the primary identity server grants no scope for group management
    When Alice signs in
    And the primary system no longer accepts Alice's access token
    And Alice starts an MC service
    Then the refresh asks for no more than was granted

  @TS24482-A.2.3-04
  Scenario: A server that the token is not good for is not asked without end
    Given Alice's terminal is switched on
    And the primary identity server grants no scope for group management
    When Alice signs in
    And Alice starts an MC service
    Then no refused request is repeated without end
