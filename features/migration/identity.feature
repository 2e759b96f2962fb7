@baseline @main_job
@TS33180-B.7.1-01 @TS33180-B.7.1-02 @TS33180-B.7.1-03 @TS33180-B.7.1-05
@TS33180-B.7.1-06 @TS33180-B.7.1-07 @TS23280-10.6.3-01
@TS23280-10.1.6.2-03 @TS23280-10.1.1.2-38 @TS23280-10.16.5-01
Feature: User authentication at the partner system
  The primary identity server gives a security token for the partner; the partner's identity
  server gives an access token for it. The user's password stays at home.

  @TS33180-B.7.2-01 @TS33180-B.7.2-02 @TS33180-B.7.2-03 @TS33180-B.7.2-04
  @TS33180-B.7.2-06 @TS33180-B.7.2-07 @TS33180-B.7.2-08 @TS33180-B.7.2-09
  @TS33180-B.7.4-01 @TS33180-B.7.4-02 @TS33180-B.7.4-03 @TS33180-B.7.4-04 @TS33180-B.7.4-06
  @TS33180-C.2-01 @TS33180-C.2-02
  Scenario Outline: The user is authenticated by token exchange
    Given Alice uses the <service> service of the primary system
    When Alice migrates to the partner system with her profile "<profile>"
    Then the primary system is asked to exchange its access token for a security token
    And the security token is presented to the identity server of the partner
    And no system saw what belongs to another

    Examples:
      | service | profile |
      | MCPTT   | Incident command |
      | MCVideo | Incident cameras |
      | MCData  | Incident messages |

  @TS33180-B.9-01 @TS33180-B.9-02 @TS33180-B.9-04
  Scenario Outline: The partner is asked with its own access token
    Given Alice uses the <service> service of the primary system
    When Alice migrates to the partner system with her profile "<profile>"
    Then the partner is asked with its own access token
    And no system saw what belongs to another

    Examples:
      | service | profile |
      | MCPTT   | Incident command |
      | MCVideo | Incident cameras |
      | MCData  | Incident messages |
