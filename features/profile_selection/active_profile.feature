@baseline @main_job
Feature: Change of the active profile
  A user with several profiles may make another one active while she is served.

  @mcptt @TS23280-10.1.1.1-23 @TS24379-7.2.3-04
  @TS24379-7.2.3-01 @TS24379-7.2.3-02 @TS24379-7.2.3-03
  Scenario: The primary system is told of the chosen profile
    Given Alice is served by the primary system
    When Alice selects her profile "Station duty"
    Then the primary system is told that the profile "Station duty" is active
    And that change names user, client and the publication that it changes

  @TS23280-10.1.1.1-23 @TS24481-6.3.3.2-04
  Scenario Outline: The groups of the chosen profile are obtained
    Given Alice uses the <service> service of the primary system
    When Alice selects her profile "<profile>"
    Then the primary system is told that the profile "<profile>" is active
    And the groups that only that profile lists are obtained

    @TS24379-7.2.3-04
    Examples:
      | service | profile      |
      | MCPTT   | Station duty |

    Examples:
      | service | profile          |
      | MCVideo | Station cameras  |
      | MCData  | Station messages |
