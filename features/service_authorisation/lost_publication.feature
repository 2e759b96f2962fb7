@baseline
Feature: Publications that a server has lost
  A refresh may find that the server does not know the publication any more. The terminal publishes
  anew, and does not name what was lost.

  @RFC3903-4.6-01 @RFC3903-4.6-02
  Scenario Outline: A refresh that finds the publication lost makes it anew
    Given the primary system grants publications a short lifetime
    And Alice uses the <service> service of the primary system
    When the primary system loses Alice's publication
    Then the lost publication is not named again
    And the lost publication is made anew

    Examples:
      | service |
      | MCPTT   |
      | MCVideo |
      | MCData  |
