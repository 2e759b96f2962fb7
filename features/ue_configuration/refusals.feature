Feature: A UE configuration that cannot be had
  The server may not find the UE configuration, may refuse it, or may be out of order for a
  while. The terminal does not besiege it, and is served once the server is back.

  Background:
    Given Alice is signed in at the primary system

  @RFC9110-15.5.5-01
  Scenario: A UE configuration that is not there is let be
    Given the UE configuration is announced and cannot be found
    When Alice starts an MC service
    Then the UE configuration is not asked for without end

  @TS24482-A.2.3-04
  Scenario: A refused UE configuration is not asked for without end
    Given access to the UE configuration is refused
    When Alice starts an MC service
    Then the refusal of the UE configuration is taken

  @TS23280-10.1.3.2-01
  Scenario: The UE configuration is asked for again after a failure
    Given the UE configuration is unavailable at first
    When Alice starts an MC service
    And Alice starts the MC service again
    Then the configuration server has told the terminal anew of the UE configuration
    And the UE configuration is asked of the configuration server

  @TS33180-B.5.3-01
  Scenario: The configuration server is shown the renewed token
    Given the configuration server refuses the first token that it is shown
    When Alice starts an MC service
    Then the configuration server is shown the renewed token

  @TS24482-A.2.3-04
  Scenario: A configuration server that takes no token is not asked without end
    Given the configuration server takes no token
    When Alice starts an MC service
    Then the refusals by the configuration server are taken
