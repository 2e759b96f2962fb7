@baseline
Feature: Lifetime of the publication
  The server says how long it keeps what it was told. The terminal renews it before that is over,
  and names what it renews.

  @RFC3903-4.3-01 @RFC3903-4.3-02
  Scenario Outline: The publication is refreshed before it expires, and named
    Given the primary system grants publications a short lifetime
    And Alice is signed in at the primary system
    When Alice starts the <service> service
    Then the publication is refreshed in time
    And the refresh names the publication

    Examples:
      | service |
      | MCPTT   |
      | MCVideo |
      | MCData  |

  @RFC3903-4.4-01
  Scenario Outline: A choice after a refresh builds on the refresh
    Given the primary system grants publications a short lifetime
    And Alice uses the <service> service of the primary system
    And Alice's publication has been refreshed
    When Alice selects her profile "<profile>"
    Then that choice names the last answer to a publication

    Examples:
      | service | profile          |
      | MCPTT   | Station duty     |
      | MCVideo | Station cameras  |
      | MCData  | Station messages |
