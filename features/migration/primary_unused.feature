@baseline
@TS33180-B.7.1-01 @TS33180-B.7.1-02 @TS33180-B.7.1-03 @TS33180-B.7.1-05
@TS33180-B.7.1-06 @TS33180-B.7.1-07 @TS23280-10.6.3-01
@TS23280-10.1.6.2-03 @TS23280-10.1.1.2-38 @TS23280-10.16.5-01
Feature: What the primary configured
  The primary's profile gave access to the partner. During migrated service it is of no other use.

  @TS23280-10.1.1.2-32
  Scenario Outline: The groups of the primary's profile are not used
    Given Alice uses the <service> service of the primary system
    When Alice migrates to the partner system with her profile "<profile>"
    Then no group of the primary's profile is asked for
    And no system saw what belongs to another

    Examples:
      | service | profile           |
      | MCPTT   | Incident command  |
      | MCVideo | Incident cameras  |
      | MCData  | Incident messages |
