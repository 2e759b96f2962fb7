@baseline @main_job
@TS33180-B.7.1-01 @TS33180-B.7.1-02 @TS33180-B.7.1-03 @TS33180-B.7.1-05
@TS33180-B.7.1-06 @TS33180-B.7.1-07 @TS23280-10.6.3-01
@TS23280-10.1.6.2-03 @TS23280-10.1.1.2-38 @TS23280-10.16.5-01
Feature: Migrated service
  While the user is served by the partner, the partner may change what it configured.
  Afterwards the user returns to the primary system.

  @TS23280-10.1.1.2-35
  Scenario Outline: A group that the partner changes is fetched from the partner
    Given Alice has migrated to the partner system with the <service> service
    When the partner system changes the group joint
    Then the changed group is fetched from the partner system
    And no system saw what belongs to another

    Examples:
      | service |
      | MCPTT   |
      | MCVideo |
      | MCData  |

  @TS23280-10.1.1.2-34
  Scenario Outline: A profile that the partner changes is fetched from the partner
    Given Alice has migrated to the partner system with the <service> service
    When the partner system changes Alice's profile "<profile>"
    Then the changed profile is fetched from the partner system
    And no system saw what belongs to another

    Examples:
      | service | profile            |
      | MCPTT   | Visiting commander |
      | MCVideo | Visiting camera    |
      | MCData  | Visiting writer    |

  @TS33180-5.1.3.1-02
  Scenario Outline: After the return the primary is asked for service authorisation anew
    Given Alice has migrated to the partner system with the <service> service
    When Alice returns to the primary system
    Then service authorisation is asked of the primary system anew
    And no system saw what belongs to another

    @TS24379-7.2.2-06
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
