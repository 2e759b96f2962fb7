@baseline
Feature: Requests for keys
  Each request to the key server tells who asks, whom, when and in which form.

  Background:
    Given Alice is signed in at the primary system

  @TS33180-D.2.4-01
  Scenario: Keys are asked for once the certificate is there
    Given the primary key server takes its time
    When Alice starts an MC service
    Then keys are asked for once the certificate is there

  @TS33180-D.2.2-04
  Scenario: Requests for keys name their key server
    When Alice starts an MC service
    Then the requests for keys name the key server that is asked

  @TS33180-D.2.2-06
  Scenario: Requests for keys tell the time
    When Alice starts an MC service
    Then the requests for keys say when they were made

  @TS33180-D.2.2-07
  Scenario: Requests for keys are told to be XML
    When Alice starts an MC service
    Then the requests for keys say that they are XML

  @TS33180-D.1-02
  Scenario: An extension of the key server is passed over
    Given the primary key server adds an extension to its responses
    When Alice starts an MC service
    Then the extension of the key server is passed over

  @TS33180-B.5.3-01
  Scenario: A token that the key server refuses is replaced
    Given the primary key server refuses an access token before its time
    When Alice starts an MC service
    Then the new access token is shown from then on
