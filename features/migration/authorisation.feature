@baseline
@TS33180-B.7.1-01 @TS33180-B.7.1-02 @TS33180-B.7.1-03 @TS33180-B.7.1-05
@TS33180-B.7.1-06 @TS33180-B.7.1-07 @TS23280-10.6.3-01
@TS23280-10.1.6.2-03 @TS23280-10.1.1.2-38 @TS23280-10.16.5-01
Feature: Service authorisation at the partner system
  The user becomes service authorised at the partner once her profiles and groups of the
  partner are there, with the profile that the partner pre-selects.

  @TS23280-10.1.1.2-29 @TS23280-10.1.1.2-30 @TS23280-10.1.1.2-31
  @TS33180-5.1.3.1-02
  Scenario Outline: Service authorisation at the partner comes last
    Given Alice uses the <service> service of the primary system
    When Alice migrates to the partner system with her profile "<profile>"
    Then service authorisation at the partner comes after its profiles and groups
    And the request for service authorisation at the partner presents its token
    And no system saw what belongs to another

    @TS24379-7.2.2-06
    Examples:
      | service | profile          |
      | MCPTT   | Incident command |

    @TS24281-7.1-01
    Examples:
      | service | profile          |
      | MCVideo | Incident cameras |

    @TS24282-7.1-01
    Examples:
      | service | profile           |
      | MCData  | Incident messages |

  @TS23280-10.1.1.2-33 @TS23280-10.1.1.2-36
  Scenario Outline: The pre-selected profile of the partner becomes active
    Given Alice uses the <service> service of the primary system
    When Alice migrates to the partner system with her profile "<profile>"
    Then the pre-selected profile of the partner is made active there
    And no system saw what belongs to another

    Examples:
      | service | profile           |
      | MCPTT   | Incident command  |
      | MCVideo | Incident cameras  |
      | MCData  | Incident messages |
