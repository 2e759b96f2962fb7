@ics:updates_preselected_profile
Feature: Mark moved by the user
  The user may say which profile she will begin with the next time. Until then she goes on with
  the one that she has.

  Background:
    Given the primary system takes updates of user profiles

  @TS23280-10.1.1.1-22
  Scenario Outline: The user's new mark leaves the active profile as it is
    Given Alice uses the <service> service of the primary system
    When Alice marks her profile "<profile>" as the one to begin with
    Then the profile "<other>" stays the active one

    Examples:
      | service | profile          | other             |
      | MCPTT   | Station duty     | Incident command  |
      | MCVideo | Station cameras  | Incident cameras  |
      | MCData  | Station messages | Incident messages |

  @TS23280-10.1.1.1-21
  Scenario Outline: The user's new mark holds at the next service authorisation
    Given Alice uses the <service> service of the primary system
    And Alice has marked her profile "<profile>" as the one to begin with
    When Alice stops and starts the <service> service
    Then the next service authorisation makes the profile "<profile>" active

    Examples:
      | service | profile          |
      | MCPTT   | Station duty     |
      | MCVideo | Station cameras  |
      | MCData  | Station messages |
