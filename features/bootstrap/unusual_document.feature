Feature: Unusual initial configurations
  Documents differ by release, by operator and by terminal. What the schema lets pass
  and a terminal does not know, it leaves aside.

  Background:
    Given Alice's terminal is switched off

  @TS24484-7.2.2.3-51
  Scenario: Elements of a later release are ignored
    Given the initial UE configuration has elements of a later release
    When Alice switches the terminal on and tries to sign in
    Then the configuration is used despite its extensions

  @TS24484-7.2.2.3-51
  Scenario: Elements of another namespace are ignored
    Given the initial UE configuration has elements of another namespace
    When Alice switches the terminal on and tries to sign in
    Then the configuration is used despite its extensions

  @TS24484-7.2.2.3-51
  Scenario: Attributes of another namespace are ignored
    Given the initial UE configuration has attributes of another namespace
    When Alice switches the terminal on and tries to sign in
    Then the configuration is used despite its extensions

  @TS24484-7.2.2.3-53
  Scenario: The parts of the document may stand in another order
    Given the initial UE configuration has its parts in another order
    When Alice switches the terminal on and tries to sign in
    Then the configuration is used in that order

  @TS24484-7.2.2.3-52
  Scenario: A document of the first releases is enough to sign in
    Given the initial UE configuration has no service details
    When Alice switches the terminal on and tries to sign in
    Then the configuration is used without service details

  @TS24484-7.2.2.3-54
  Scenario: A default user profile does not keep the user from signing in
    Given the initial UE configuration names a default user profile
    When Alice switches the terminal on and tries to sign in
    Then the configuration is used beside its default user profile

  @RFC9110-15-01
  Scenario: A configuration that comes with an unknown success is used
    Given the initial UE configuration comes with an unknown kind of success
    When Alice switches the terminal on and tries to sign in
    Then the configuration is used as after any success
