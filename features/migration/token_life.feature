@baseline
@TS33180-B.7.1-01 @TS33180-B.7.1-02 @TS33180-B.7.1-03 @TS33180-B.7.1-05
@TS33180-B.7.1-06 @TS33180-B.7.1-07 @TS23280-10.6.3-01
@TS23280-10.1.6.2-03 @TS23280-10.1.1.2-38 @TS23280-10.16.5-01
Feature: Tokens and the next partner
  A security token is good for one partner and for its lifetime. The partner's own tokens
  are renewed at the partner.

  Background:
    Given a world with three partner systems

  @TS33180-B.7.1-04
  Scenario Outline: The next partner gets a security token of its own
    Given Alice uses the <service> service of the primary system
    And Alice has migrated to the partner system with "<profile>"
    When Alice migrates to the overseas system with her profile "<profile>"
    Then the overseas system gets a security token of its own
    And no system saw what belongs to another

    Examples:
      | service | profile           |
      | MCPTT   | Incident command  |
      | MCVideo | Incident cameras  |
      | MCData  | Incident messages |

  @TS33180-B.5.3-01
  Scenario Outline: A token that the partner has forgotten is renewed at the partner
    Given Alice uses the <service> service of the primary system
    And the group server of the partner system has forgotten the first token
    When Alice migrates to the partner system with her profile "<profile>"
    Then the partner system sees the new access token from then on
    And no system saw what belongs to another

    Examples:
      | service | profile           |
      | MCPTT   | Incident command  |
      | MCVideo | Incident cameras  |
      | MCData  | Incident messages |
