Feature: A service configuration that cannot be had
  The terminal does not besiege a server that has no service configuration for it, and
  asks again when its user does.

  Background:
    Given Alice is signed in at the primary system

  @RFC9110-15.5.5-01
  Scenario: A service configuration that is not there is let be
    Given the service configuration is announced and cannot be found
    When Alice starts an MC service
    Then the service configuration is not asked for without end

  @TS24482-A.2.3-04
  Scenario: A refused service configuration is not asked for without end
    Given access to the service configuration is refused
    When Alice starts an MC service
    Then the refusal of the service configuration is taken

  @mcptt @TS24484-8.4.2.2-51 @TS24484-8.4.2.9-51
  Scenario: The service configuration is asked for again after a failure
    Given the service configuration is unavailable at first
    When Alice starts the MCPTT service
    And Alice starts the MC service again
    Then the configuration server has told the terminal anew of the service configuration
    And the service configuration is asked of the global tree once more

  @TS24484-6.3.3-03
  Scenario: The terminal goes on with a service configuration that has not changed
    When Alice starts an MC service
    And the primary system announces the service configuration without having changed it
    Then the terminal goes on, and follows a later change of the UE configuration
