Feature: Versions of user profiles
  A terminal may ask for a document on the condition that it has changed. It then names the
  version that it holds as the server named it, and keeps what has not changed.

  @RFC9110-8.8.3-01 @RFC9110-13.1.2-01
  Scenario Outline: The version of a changed profile is named as it was received
    Given Alice uses the <service> service of the primary system
    When the primary system changes Alice's profile "<profile>"
    Then each condition names a version that was received

    Examples:
      | service | profile           |
      | MCPTT   | Incident command  |
      | MCVideo | Incident cameras  |
      | MCData  | Incident messages |

  @RFC9110-8.8.3-01 @RFC9110-13.1.2-01
  Scenario: Versions with odd names are named as they were received
    Given versions are named with every character that may stand in such a name
    And Alice is served by the primary system
    When the primary system changes Alice's profile "that is pre-selected"
    Then each condition names a version that was received

  @RFC9110-8.8.3-01 @RFC9110-13.1.2-01
  Scenario: Weak versions are named as they were received
    Given versions reach the terminal marked as weak
    And Alice is served by the primary system
    When the primary system changes Alice's profile "that is pre-selected"
    Then each condition names a version that was received

  @TS24484-6.3.3-03
  Scenario Outline: A profile that has not changed is kept
    Given Alice uses the <service> service of the primary system
    When the primary system announces the profile "<profile>" without having changed it
    And Alice selects her profile "<profile>"
    Then the terminal goes on with the profile "<profile>" that it holds

    Examples:
      | service | profile          |
      | MCPTT   | Station duty     |
      | MCVideo | Station cameras  |
      | MCData  | Station messages |

  @TS24484-6.3.13.2.2-14
  Scenario: The documents are found where the announcement says
    Given the configuration documents are announced below another root
    And Alice is signed in at the primary system
    When Alice starts an MC service
    Then the configuration server has told the terminal of its documents
    And the documents are retrieved below the root that was announced
