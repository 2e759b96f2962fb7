@baseline
Feature: Choice of a profile that the server cannot take
  A server may have lost what it was told. The terminal begins anew, and its user notices nothing.

  @RFC3903-4.6-01 @RFC3903-4.6-02
  Scenario Outline: A choice that changes a lost publication is published anew
    Given Alice uses the <service> service of the primary system
    And the primary system has lost Alice's publication
    When Alice selects her profile "<profile>"
    Then the lost publication is not named again
    And the lost publication is made anew

    Examples:
      | service | profile          |
      | MCPTT   | Station duty     |
      | MCVideo | Station cameras  |
      | MCData  | Station messages |

  # Which refusal tells that the server does not know the user, the texts read say for MCPTT alone.
  @mcptt @TS24379-7.3.4-01
  Scenario: A server that does not know the user is asked for service authorisation first
    Given Alice is served by the primary system
    And the primary system does not know Alice's service authorisation any more
    When Alice selects her profile "Station duty"
    Then service authorisation comes before any further use of the service
