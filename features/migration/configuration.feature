@mcptt @baseline
Feature: Configuration by the partner system
  At the partner, signalling comes first, then its profiles, then its groups, and service
  authorisation last. The primary's profile gave access and is not used any more.

  Background:
    Given Alice is served by the primary system

  @TS23280-10.1.1.2-19 @TS23280-10.1.6.2-03
  Scenario: The terminal registers with the partner's SIP core
    When Alice migrates to the partner system with her profile "Incident command"
    Then the terminal registers at the partner with an identity of the partner

  @TS23280-10.1.1.2-23 @TS23280-10.1.1.2-24 @TS23280-10.1.4.3.2-01 @TS23280-10.1.1.2-18
  Scenario: The partner's profiles are downloaded
    When Alice migrates to the partner system with her profile "Incident command"
    Then each profile that the partner holds for Alice is downloaded from it
    And no configuration is asked of the partner before the user is authenticated there

  @TS23280-10.1.1.2-26 @TS23280-10.1.1.2-27 @TS23280-10.1.1.2-28
  Scenario: The groups of the partner's profile are obtained
    When Alice migrates to the partner system with her profile "Incident command"
    Then the groups of the partner's profile are obtained from the partner

  @TS23280-10.1.1.2-32
  Scenario: The groups of the primary's profile are not used
    When Alice migrates to the partner system with her profile "Incident command"
    Then no group of the primary's profile is asked for

  @TS23280-10.1.1.2-29 @TS23280-10.1.1.2-30 @TS23280-10.1.1.2-31
  @TS33180-5.1.3.1-02 @TS24379-7.2.2-06
  Scenario: Service authorisation at the partner comes last
    When Alice migrates to the partner system with her profile "Incident command"
    Then service authorisation at the partner comes after its profiles and groups
    And the request for service authorisation at the partner presents its token

  @TS23280-10.1.1.2-33 @TS23280-10.1.1.2-36
  Scenario: The pre-selected profile of the partner becomes active
    When Alice migrates to the partner system with her profile "Incident command"
    Then the pre-selected profile of the partner is made active there
