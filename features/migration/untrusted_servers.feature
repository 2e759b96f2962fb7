@baseline
@TS33180-B.7.1-01 @TS33180-B.7.1-02 @TS33180-B.7.1-03 @TS33180-B.7.1-05
@TS33180-B.7.1-06 @TS33180-B.7.1-07 @TS23280-10.6.3-01
@TS23280-10.1.6.2-03 @TS23280-10.1.1.2-38 @TS23280-10.16.5-01
Feature: Servers that nobody vouches for
  A server of the partner shows a certificate of an authority that the terminal does not know.
  Nothing is said to it.

  Background:
    Given a world with three partner systems

  @TS24482-A.2.1.2-01 @TS23280-10.1.1.2-18
  Scenario Outline: The identity server is told nothing without proof
    Given Alice uses the <service> service of the primary system
    And nobody that the terminal trusts certified the identity server of the partner system
    When Alice migrates to the partner system with her profile "<profile>"
    Then nothing is sent to the identity server of the partner system
    And the partner system is asked for no configuration without a token of it
    And no system saw what belongs to another

    Examples:
      | service | profile           |
      | MCPTT   | Incident command  |
      | MCVideo | Incident cameras  |
      | MCData  | Incident messages |

  @TS24482-A.2.1.2-01 @TS23280-10.1.1.2-29
  Scenario Outline: The configuration server is told nothing without proof
    Given Alice uses the <service> service of the primary system
    And nobody that the terminal trusts certified the configuration server of the partner system
    When Alice migrates to the partner system with her profile "<profile>"
    Then nothing is sent to the configuration server of the partner system
    And service authorisation is not asked of the partner system without a profile
    And no system saw what belongs to another

    Examples:
      | service | profile           |
      | MCPTT   | Incident command  |
      | MCVideo | Incident cameras  |
      | MCData  | Incident messages |

  @TS24482-A.2.1.2-01 @TS23280-10.1.1.2-30
  Scenario Outline: The group server is told nothing without proof
    Given Alice uses the <service> service of the primary system
    And nobody that the terminal trusts certified the group server of the partner system
    When Alice migrates to the partner system with her profile "<profile>"
    Then nothing is sent to the group server of the partner system
    And service authorisation is not asked of the partner system without its groups
    And no system saw what belongs to another

    Examples:
      | service | profile           |
      | MCPTT   | Incident command  |
      | MCVideo | Incident cameras  |
      | MCData  | Incident messages |
