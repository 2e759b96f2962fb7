@baseline
@TS33180-B.7.1-01 @TS33180-B.7.1-02 @TS33180-B.7.1-03 @TS33180-B.7.1-05
@TS33180-B.7.1-06 @TS33180-B.7.1-07 @TS23280-10.6.3-01
@TS23280-10.1.6.2-03 @TS23280-10.1.1.2-38 @TS23280-10.16.5-01
Feature: The server that is asked for migrated service
  A partner has a server for each service; the one of the service is asked, whatever other
  servers the entry tells of.

  @TS23280-10.6.3.2.1-01
  Scenario Outline: The server of the service is asked
    Given a world with three partner systems
    And Alice uses the <service> service of the primary system
    When Alice migrates to the overseas system with her profile "<profile>"
    Then the request goes to the MC service server of the overseas system
    And no system saw what belongs to another

    Examples:
      | service | profile           |
      | MCPTT   | Incident command  |
      | MCVideo | Incident cameras  |
      | MCData  | Incident messages |
