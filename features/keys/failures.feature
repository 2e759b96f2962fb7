@baseline
Feature: Requests that the key server does not serve
  A key server may fail in many ways. The client may ask again, but not without end.

  Background:
    Given Alice is signed in at the primary system

  @TS33180-D.3.1-02
  Scenario: An error in place of the certificate is no reason to ask without end
    Given the primary key server answers a request for its certificate with an error
    When Alice starts an MC service
    Then the key server is not asked again without end

  @TS33180-D.3.1-02
  Scenario: An error in place of keys is no reason to ask without end
    Given the primary key server answers a request for keys with an error
    When Alice starts an MC service
    Then the key server is not asked again without end

  @TS33180-D.3.1-02
  Scenario: A broken response is no reason to ask without end
    Given the primary key server breaks off in the middle of its responses
    When Alice starts an MC service
    Then the key server is not asked again without end

  @TS33180-D.3.1-02
  Scenario: A missing resource is no reason to ask without end
    Given the primary key server does not find what is asked for
    When Alice starts an MC service
    Then the key server is not asked again without end

  @TS33180-D.3.1-02
  Scenario: A refusal is no reason to ask without end
    Given the primary key server forbids what is asked for
    When Alice starts an MC service
    Then the key server is not asked again without end
