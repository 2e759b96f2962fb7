Feature: Whose initial configuration it is
  A document without UE identities is for all terminals of the organisation. One that
  has them is for the terminals that it names.

  Background:
    Given Alice's terminal is switched off

  @TS24484-7.2.1-54
  Scenario: The document of this terminal is used
    Given the initial UE configuration is for Alice's terminal alone
    When Alice switches the terminal on and tries to sign in
    Then the configuration of this terminal is used

  @TS24484-7.2.1-55
  Scenario: The document of another terminal is not used
    Given the initial UE configuration is for another terminal
    When Alice switches the terminal on and tries to sign in
    Then the configuration of another terminal is not used
