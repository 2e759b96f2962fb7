Feature: A user profile that cannot be had
  One profile may be missing, refused or out of reach for a while. The others are obtained
  all the same.

  Background:
    Given Alice is signed in at the primary system

  @TS23280-10.1.1.1-12 @RFC9110-15.5.5-01
  Scenario Outline: A missing profile does not stand before the others
    Given Alice is about to use the <service> service
    And the profile "<profile>" is announced and cannot be found
    When Alice starts the <service> service
    Then the configuration server has told the terminal of its documents
    And every profile of Alice that can be had is obtained
    And the profile "<profile>" is not asked for without end

    Examples:
      | service | profile          |
      | MCPTT   | Station duty     |
      | MCVideo | Station cameras  |
      | MCData  | Station messages |

  @TS23280-10.1.1.1-12 @TS24482-A.2.3-04
  Scenario: A refused profile does not stand before the others
    Given access to the profile "that is not pre-selected" is refused
    When Alice starts an MC service
    Then the configuration server has told the terminal of its documents
    And every profile of Alice that can be had is obtained
    And the refusal of the profile "that is not pre-selected" is taken

  @TS23280-10.1.1.1-12
  Scenario: A profile that comes as something else does not stand before the others
    Given the profile "that is not pre-selected" comes as something else
    When Alice starts an MC service
    Then the configuration server has told the terminal of its documents
    And every profile of Alice that can be had is obtained

  @RFC9112-6.3-02
  Scenario: A profile with two lengths is not used
    Given the profile "that is pre-selected" comes with two lengths
    When Alice starts an MC service
    Then no group that only the profile "that is pre-selected" of two lengths lists is asked for

  @TS23280-10.1.1.1-12
  Scenario Outline: Profiles are obtained once the server is back
    Given Alice is about to use the <service> service
    And the profile "<profile>" is unavailable at first
    When Alice starts the <service> service
    And Alice stops the MC service and starts it again
    Then the configuration server has told the terminal anew of the profile "<profile>"
    And every profile of Alice that can be had is obtained

    Examples:
      | service | profile           |
      | MCPTT   | Incident command  |
      | MCVideo | Incident cameras  |
      | MCData  | Incident messages |
