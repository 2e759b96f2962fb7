@baseline
Feature: Pre-selected profile
  Which of her profiles a user begins with is configured. It is known by its mark alone: not by
  its index, nor by its place among the others.

  Background:
    Given Alice is signed in at the primary system

  @TS23280-10.1.1.1-19
  Scenario Outline: The pre-selected profile has the lowest index
    Given Alice is about to use the <service> service
    And Alice's pre-selected profile is "<profile>"
    When Alice starts the <service> service
    Then the profile "<profile>" is made active at service authorisation

    Examples:
      | service | profile          |
      | MCPTT   | Station duty     |
      | MCVideo | Station cameras  |
      | MCData  | Station messages |

  @TS23280-10.1.1.1-19
  Scenario Outline: The pre-selected profile has the highest index that there is
    Given Alice is about to use the <service> service
    And Alice's pre-selected profile "Long watch" has the highest index
    When Alice starts the <service> service
    Then the profile "Long watch" is made active at service authorisation

    Examples:
      | service |
      | MCPTT   |
      | MCVideo |
      | MCData  |

  @TS23280-10.1.1.1-19
  Scenario Outline: The pre-selected profile is announced first
    Given Alice is about to use the <service> service
    And Alice's pre-selected profile is announced before her others
    When Alice starts the <service> service
    Then the profile "<profile>" is made active at service authorisation

    Examples:
      | service | profile           |
      | MCPTT   | Incident command  |
      | MCVideo | Incident cameras  |
      | MCData  | Incident messages |

  @TS23280-10.1.1.1-19
  Scenario Outline: The pre-selected profile stands between two others
    Given Alice is about to use the <service> service
    And Alice has a third profile "Night shift"
    When Alice starts the <service> service
    Then the profile "<profile>" is made active at service authorisation

    Examples:
      | service | profile           |
      | MCPTT   | Incident command  |
      | MCVideo | Incident cameras  |
      | MCData  | Incident messages |
