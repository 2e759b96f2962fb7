@baseline @main_job
Feature: Service authorisation
  The MC service client presents its access token to the MC service server, in REGISTER or
  in PUBLISH, and from then on the pre-selected profile is the active one.

  Background:
    Given Alice is signed in at the primary system

  @TS33180-5.1.3.1-02 @TS33180-5.1.1-02 @TS23280-10.1.1.1-17
  Scenario Outline: The pre-selected profile becomes active at service authorisation
    When Alice starts the <service> service
    Then service authorisation is asked of the primary system
    And the pre-selected profile of Alice is made active

    @TS24379-7.2.2-04 @TS24379-7.2.2-05 @TS24379-7.2.2-06
    Examples:
      | service |
      | MCPTT   |

    @TS24281-7.1-01
    Examples:
      | service |
      | MCVideo |

    @TS24282-7.1-01
    Examples:
      | service |
      | MCData  |

  @mcptt @ics:service_authorisation_by_publish
  @TS33180-5.1.3.1-02 @TS24379-7.2.2-06 @TS33180-5.1.1-02
  @TS24379-7.2.1A-01 @TS24379-7.2.1A-02 @TS24379-7.2.1A-03 @TS24379-7.2.1A-04
  @TS24379-7.2.2-01 @TS24379-7.2.2-02 @TS24379-7.2.2-03
  Scenario: Service authorisation by PUBLISH has its form
    When Alice starts the MCPTT service
    Then service authorisation is asked of the primary system
    And that request has the form of a publication

  @mcptt @ics:service_authorisation_by_publish
  @TS33180-5.1.3.1-02 @TS24379-7.2.2-06 @TS33180-5.1.1-02
  @TS24379-F.1-51 @TS24379-F.1-53 @TS24379-7.4.1.2.2-51 @TS24379-7.4.1.2.2-52
  Scenario: The bodies of the request are valid
    When Alice starts the MCPTT service
    Then service authorisation is asked of the primary system
    And the bodies of that request are valid

  @mcptt @TS24379-7.2.1-01 @TS24379-7.2.1-02
  Scenario: The registration names the service
    When Alice starts the MCPTT service
    Then the registration names MCPTT
