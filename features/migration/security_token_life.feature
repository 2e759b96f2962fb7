@baseline
@TS33180-B.7.1-01 @TS33180-B.7.1-02 @TS33180-B.7.1-03 @TS33180-B.7.1-05
@TS33180-B.7.1-06 @TS33180-B.7.1-07 @TS23280-10.6.3-01
@TS23280-10.1.6.2-03 @TS23280-10.1.1.2-38 @TS23280-10.16.5-01
Feature: Security tokens and their time
  A security token is presented within its lifetime, however often the user asks.

  Background:
    Given a world with three partner systems
    And security tokens live for moments only
    And the partner system refuses the security token

  @TS33180-B.12-02
  Scenario Outline: A security token is not used past its lifetime
    Given Alice uses the <service> service of the primary system
    When Alice migrates to the partner system with her profile "<profile>"
    And the security token has expired
    And Alice migrates to the partner system with her profile "<profile>"
    Then each security token is presented within its lifetime
    And no system saw what belongs to another

    Examples:
      | service | profile           |
      | MCPTT   | Incident command  |
      | MCVideo | Incident cameras  |
      | MCData  | Incident messages |
