Feature: Certificates at the bootstrap
  The server of the initial UE configuration proves who it is. A terminal that cannot
  verify it tells it nothing, in the clear neither, and has no other server to go to.

  Background:
    Given Alice's terminal was switched on once, and reset

  @TS24482-A.2.1.2-01 @TS24484-6.2.2-01 @TS23280-10.1.1.1-01
  Scenario: A certificate of an unknown authority ends the bootstrap
    Given the certificate of the bootstrap server is from an unknown authority
    When Alice switches the terminal on and tries to sign in
    Then the bootstrap server is told nothing over that connection
    And nothing is sent in the clear
    And no other server is contacted without a configuration

  @TS24482-A.2.1.2-01 @TS24484-6.2.2-01 @TS23280-10.1.1.1-01
  Scenario: A certificate that has expired ends the bootstrap
    Given the certificate of the bootstrap server has expired
    When Alice switches the terminal on and tries to sign in
    Then the bootstrap server is told nothing over that connection
    And nothing is sent in the clear
    And no other server is contacted without a configuration

  @TS24482-A.2.1.2-01 @TS24484-6.2.2-01 @TS23280-10.1.1.1-01
  Scenario: A certificate for another name ends the bootstrap
    Given the certificate of the bootstrap server is for another name
    When Alice switches the terminal on and tries to sign in
    Then the bootstrap server is told nothing over that connection
    And nothing is sent in the clear
    And no other server is contacted without a configuration

  @TS24482-A.2.1.2-01 @TS24484-6.2.2-01 @TS23280-10.1.1.1-01
  Scenario: A certificate that its holder signed ends the bootstrap
    Given the certificate of the bootstrap server is signed by nobody else
    When Alice switches the terminal on and tries to sign in
    Then the bootstrap server is told nothing over that connection
    And nothing is sent in the clear
    And no other server is contacted without a configuration
