Feature: Answers in unusual form
  HTTP leaves a server many ways to say the same. None of them ends what the terminal
  is about to do.

  Background:
    Given Alice is signed in at the primary system

  @RFC9112-7.1-01
  Scenario: Documents may come in chunks
    Given the configuration server answers in chunks
    When Alice starts an MC service
    Then the configuration server has told the terminal of its documents
    And chunks do not keep it from the others

  @RFC9112-9.6-01
  Scenario: Connections may end with each answer
    Given the configuration server ends the connection with each answer
    When Alice starts an MC service
    Then the configuration server has told the terminal of its documents
    And ended connections do not keep it from the others

  @RFC9110-5.1-01
  Scenario: Answers may have fields that nobody knows
    Given the configuration server sends fields that nobody knows
    When Alice starts an MC service
    Then the configuration server has told the terminal of its documents
    And unknown fields do not keep it from the others

  @RFC9110-5.3-01
  Scenario: A list may come in several fields
    Given the configuration server sends a list in several fields
    When Alice starts an MC service
    Then the configuration server has told the terminal of its documents
    And several fields do not keep it from the others
