@baseline
@TS33180-B.7.1-01 @TS33180-B.7.1-02 @TS33180-B.7.1-03 @TS33180-B.7.1-05
@TS33180-B.7.1-06 @TS33180-B.7.1-07 @TS23280-10.6.3-01
@TS23280-10.1.6.2-03 @TS23280-10.1.1.2-38 @TS23280-10.16.5-01
Feature: Changes that a partner makes
  What the partner adds to its own profile is obtained from the partner.

  @TS23280-10.1.1.2-26 @TS23280-10.1.1.2-27 @TS23280-10.1.1.2-28
  Scenario Outline: A group that the partner's profile gains is obtained
    Given a world with three partner systems
    And Alice uses the <service> service of the primary system
    And Alice has migrated to the overseas system with "<profile>"
    When the overseas system adds the group divers to Alice's profile "<there>"
    Then the group divers of the profile "<there>" is obtained from overseas
    And no system saw what belongs to another

    Examples:
      | service | profile           | there            |
      | MCPTT   | Incident command  | Attached officer |
      | MCVideo | Incident cameras  | Attached camera  |
      | MCData  | Incident messages | Attached clerk   |
