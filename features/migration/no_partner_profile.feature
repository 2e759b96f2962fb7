@baseline
@TS33180-B.7.1-01 @TS33180-B.7.1-02 @TS33180-B.7.1-03 @TS33180-B.7.1-05
@TS33180-B.7.1-06 @TS33180-B.7.1-07 @TS23280-10.6.3-01
@TS23280-10.1.6.2-03 @TS23280-10.1.1.2-38 @TS23280-10.16.5-01
Feature: Partners without a profile for the user
  A partner may hold no profile for its visitor. Then nothing of what follows profiles comes.

  Background:
    Given a world with three partner systems

  @TS23280-10.1.1.2-29
  Scenario Outline: Without a profile there is no service
    Given Alice uses the <service> service of the primary system
    And the partner system has no profile for Alice
    When Alice migrates to the partner system with her profile "<profile>"
    Then service authorisation is not asked of the partner system without a profile
    And no system saw what belongs to another

    Examples:
      | service | profile           |
      | MCPTT   | Incident command  |
      | MCVideo | Incident cameras  |
      | MCData  | Incident messages |

  @TS23280-10.1.1.2-28
  Scenario Outline: Without a profile there are no groups
    Given Alice uses the <service> service of the primary system
    And the partner system has no profile for Alice
    When Alice migrates to the partner system with her profile "<profile>"
    Then the partner system is asked for no group without a profile of it
    And no system saw what belongs to another

    Examples:
      | service | profile           |
      | MCPTT   | Incident command  |
      | MCVideo | Incident cameras  |
      | MCData  | Incident messages |
