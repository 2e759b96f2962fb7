@mcptt @baseline @ics:service_authorisation_by_register
Feature: Service authorisation by registration
  A terminal may ask for service authorisation in its registration instead of a publication.

  @TS24379-7.2.1-03 @TS24379-7.2.1-04
  Scenario: The registration presents token and client
    Given Alice's terminal asks for service authorisation when it registers
    And Alice is signed in at the primary system
    When Alice starts the MCPTT service
    Then the registration asks for service authorisation

  @TS24379-7.3.3-01
  Scenario: Service authorisation is refused in the registration
    Given Alice's terminal asks for service authorisation when it registers
    And Alice is signed in at the primary system
    And the primary system does not authorise Alice
    When Alice starts the MCPTT service
    Then the refused service is not used
