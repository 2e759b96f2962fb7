@baseline @main_job
@TS33180-B.7.1-01 @TS33180-B.7.1-02 @TS33180-B.7.1-03 @TS33180-B.7.1-05
@TS33180-B.7.1-06 @TS33180-B.7.1-07 @TS23280-10.6.3-01
@TS23280-10.1.6.2-03 @TS23280-10.1.1.2-38 @TS23280-10.16.5-01
Feature: Configuration by the partner system
  At the partner, signalling comes first, then its profiles, then its groups, and service
  authorisation last. The primary's profile gave access and is not used any more.

  @TS23280-10.1.1.2-19 @TS23280-10.1.6.2-03
  Scenario Outline: The terminal registers with the partner's SIP core
    Given Alice uses the <service> service of the primary system
    When Alice migrates to the partner system with her profile "<profile>"
    Then the terminal registers at the partner with an identity of the partner
    And no system saw what belongs to another

    Examples:
      | service | profile           |
      | MCPTT   | Incident command  |
      | MCVideo | Incident cameras  |
      | MCData  | Incident messages |

  @TS23280-10.1.1.2-23 @TS23280-10.1.1.2-24 @TS23280-10.1.4.3.2-01 @TS23280-10.1.1.2-18
  Scenario Outline: The partner's profiles are downloaded
    Given Alice uses the <service> service of the primary system
    When Alice migrates to the partner system with her profile "<profile>"
    Then each profile that the partner holds for Alice is downloaded from it
    And no configuration is asked of the partner before the user is authenticated there
    And no system saw what belongs to another

    Examples:
      | service | profile           |
      | MCPTT   | Incident command  |
      | MCVideo | Incident cameras  |
      | MCData  | Incident messages |

  @TS23280-10.1.1.2-26 @TS23280-10.1.1.2-27 @TS23280-10.1.1.2-28
  Scenario Outline: The groups of the partner's profile are obtained
    Given Alice uses the <service> service of the primary system
    When Alice migrates to the partner system with her profile "<profile>"
    Then the groups of the partner's profile are obtained from the partner
    And no system saw what belongs to another

    Examples:
      | service | profile           |
      | MCPTT   | Incident command  |
      | MCVideo | Incident cameras  |
      | MCData  | Incident messages |
