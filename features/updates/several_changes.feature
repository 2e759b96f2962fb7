@baseline
Feature: Several changes
  Changes of documents come together, and one after the other.

  @TS24484-6.3.13.2.2-13
  Scenario Outline: Two documents that change at once are both fetched
    Given Alice uses the <service> service of the primary system
    When the primary system changes both configurations of Alice's terminal at once
    Then both changed documents are fetched

    Examples:
      | service |
      | MCPTT   |
      | MCVideo |
      | MCData  |

  @TS24484-6.3.13.2.2-13
  Scenario Outline: A profile that changes twice in a row is fetched as it is in the end
    Given Alice uses the <service> service of the primary system
    When the primary system changes Alice's profile "<profile>" twice in a row
    Then the profile is fetched as it was announced last

    Examples:
      | service | profile           |
      | MCPTT   | Incident command  |
      | MCVideo | Incident cameras  |
      | MCData  | Incident messages |

  @TS24484-6.3.13.2.2-14
  Scenario: What changed is retrieved where it was announced
    Given Alice is served by the primary system
    When the primary system changes the service configuration
    Then what changed is retrieved where it was announced
