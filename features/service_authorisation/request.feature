@baseline
Feature: Request for service authorisation
  The request is a SIP message like any other, and says who asks, for which service, and from
  which terminal.

  Background:
    Given Alice is signed in at the primary system

  @mcptt @ics:service_authorisation_by_publish @TS24379-7.2.1A-05 @TS24379-7.2.1A-06
  Scenario: The publication asks for MCPTT and is about this terminal
    When Alice starts the MCPTT service
    Then the publication asks for the MCPTT service
    And the settings are those of Alice's terminal

  @mcptt @TS24379-F.1-52 @TS24379-F.1-54 @TS24379-7.4.1.2.2-53
  Scenario: The bodies of a publication are what they are called
    When Alice starts the MCPTT service
    Then the bodies of the publication are what they are called

  @TS23280-10.6.1-02
  Scenario Outline: Service authorisation is asked for with what the sign-in gave
    When Alice starts the <service> service
    Then service authorisation is asked for with what Alice's sign-in gave

    Examples:
      | service |
      | MCPTT   |
      | MCVideo |
      | MCData  |

  @RFC3261-8.1.1-01
  Scenario: Each signalling request is complete
    When Alice starts an MC service
    Then each signalling request carries the mandatory fields

  @RFC3261-8.1.1.7-01
  Scenario: Each signalling request is marked as unique
    When Alice starts an MC service
    Then each signalling request is marked as unique

  @RFC2046-5.1.1-01
  Scenario: Bodies of several parts can be taken apart
    When Alice starts an MC service
    Then bodies of several parts keep to their boundary
