Feature: Servers that cannot be trusted
  Any server may be somebody else's. Password, code and token stay with the terminal
  until the server has shown who it is.

  @TS24482-A.2.1.2-01
  Scenario: An identity server that cannot be trusted learns nothing
    Given Alice's terminal is switched on
    And the identity server shows a certificate of an unknown authority
    When Alice signs in
    Then nothing is asked of the identity server

  @TS24482-A.2.1.2-01
  Scenario: A key server that cannot be trusted learns nothing
    Given Alice is signed in at the primary system
    And the key server shows a certificate of an unknown authority
    When Alice starts an MC service
    Then nothing is asked of the key server

  @TS24482-A.2.1.2-01
  Scenario: A configuration server that cannot be trusted learns nothing
    Given Alice is signed in at the primary system
    And the configuration server shows a certificate of an unknown authority
    When Alice starts an MC service
    Then nothing is asked of the configuration server

  @TS24482-A.2.1.2-01
  Scenario: A group server that cannot be trusted learns nothing
    Given Alice is signed in at the primary system
    And the group server shows a certificate of an unknown authority
    When Alice starts an MC service
    Then nothing is asked of the group server
