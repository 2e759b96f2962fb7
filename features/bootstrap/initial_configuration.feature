@baseline @main_job
Feature: Initial UE configuration
  A terminal that is switched on knows one address. What it reads there tells its
  clients where every server of the primary MC system is.

  Background:
    Given Alice's terminal is switched off

  @TS24484-7.2.1-52 @TS23280-10.1.1.1-01
  Scenario: The terminal fetches its initial configuration before anything else
    When Alice's terminal is switched on
    Then the initial UE configuration is asked for at the provisioned address
    And no other server is contacted before that configuration is there
