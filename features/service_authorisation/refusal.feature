@baseline
Feature: Refused service authorisation
  A terminal that was refused leaves the service alone, and does not ask over and over again.

  Background:
    Given Alice is signed in at the primary system

  # Whom a refusal keeps from the service, the texts read tell for MCPTT.
  @mcptt @TS24379-7.3.3-01
  Scenario: A refused service is not used
    Given the primary system does not authorise Alice
    When Alice starts the MCPTT service
    Then the refused service is not used

  @RFC3261-21.4.4-01
  Scenario Outline: A refused service authorisation is not asked for again
    Given the primary system does not authorise Alice
    When Alice starts the <service> service
    Then the refused service authorisation is not asked for again

    Examples:
      | service |
      | MCPTT   |
      | MCVideo |
      | MCData  |

  @mcptt @TS24379-7.3.3-02
  Scenario: A user with too many service authorisations is not served once more
    Given Alice has as many service authorisations as the primary system allows
    When Alice starts the MCPTT service
    Then the service is not used once too often

  @RFC3261-21.5.4-01
  Scenario Outline: A server that is not available is given time
    Given the primary system is not available for service authorisation
    When Alice starts the <service> service
    Then the primary system is given the time that it asked for

    Examples:
      | service |
      | MCPTT   |
      | MCVideo |
      | MCData  |
