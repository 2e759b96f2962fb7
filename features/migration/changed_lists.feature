@baseline
@TS33180-B.7.1-01 @TS33180-B.7.1-02 @TS33180-B.7.1-03 @TS33180-B.7.1-05
@TS33180-B.7.1-06 @TS33180-B.7.1-07 @TS23280-10.6.3-01
@TS23280-10.1.6.2-03 @TS23280-10.1.1.2-38 @TS23280-10.16.5-01
Feature: Lists of partners that change
  A list may change while the user is served. That alone contacts nobody; the user's next
  choice is made from the list as it is then.

  Background:
    Given a world with three partner systems

  @TS23280-10.1.1.2-04
  Scenario Outline: A partner that was taken off the list is not contacted any more
    Given Alice uses the <service> service of the primary system
    When the primary system takes the overseas system off the profile "<profile>"
    And Alice asks for the overseas system with her profile "<profile>"
    Then the overseas system is not contacted
    And no system saw what belongs to another

    Examples:
      | service | profile           |
      | MCPTT   | Incident command  |
      | MCVideo | Incident cameras  |
      | MCData  | Incident messages |

  @TS23280-10.1.1.2-07
  Scenario Outline: A partner that was put on the list can be migrated to
    Given Alice uses the <service> service of the primary system
    When the primary system puts the neighbour system on the profile "<profile>"
    And Alice migrates to the neighbour system with her profile "<profile>"
    Then the identity server of the neighbour system is reached where that profile has it
    And no system saw what belongs to another

    Examples:
      | service | profile           |
      | MCPTT   | Incident command  |
      | MCVideo | Incident cameras  |
      | MCData  | Incident messages |

  @TS23280-10.1.1.2-13
  Scenario Outline: A partner that is put on a list is not contacted for that
    Given Alice uses the <service> service of the primary system
    When the primary system puts the neighbour system on the profile "<profile>"
    Then no partner system was contacted
    And no system saw what belongs to another

    Examples:
      | service | profile           |
      | MCPTT   | Incident command  |
      | MCVideo | Incident cameras  |
      | MCData  | Incident messages |
