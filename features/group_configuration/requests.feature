Feature: Requests for group documents
  The group management client asks for each group in the place where it is, with a token
  made for that, once the user is registered.

  Background:
    Given Alice is signed in at the primary system

  @TS24481-7.2.3-51 @TS24481-6.2.2.2-01 @TS24481-7.2.10.2-51
  Scenario: Groups are asked for in the place where they are
    When Alice starts an MC service
    Then groups are asked for in the place where they are

  @TS24481-6.3.3.2-01
  Scenario: Groups are retrieved as documents are
    When Alice starts an MC service
    Then groups are retrieved as documents are

  @RFC3986-3.3-01
  Scenario: The name of a group is escaped where a path demands it
    Given the profile "that is pre-selected" lists a group whose name needs care in a path
    When Alice starts an MC service
    Then the name of that group is one step of the path

  @TS33180-5.1.3.1-08
  Scenario Outline: The group server is asked with a token for group management
    When Alice starts the <service> service
    Then the group server is shown tokens for group management

    Examples:
      | service |
      | MCPTT   |
      | MCVideo |
      | MCData  |

  @TS23280-10.1.5.2-02
  Scenario: Groups of the last time wait for the new registration
    When Alice starts an MC service
    And Alice stops the MC service and starts it again
    Then groups are asked for only after the new registration

  @TS33180-B.5.3-01
  Scenario: The group server is shown the renewed token
    Given the group server refuses the first token that it is shown
    When Alice starts an MC service
    Then the group server is shown the renewed token

  @TS24482-A.2.3-04
  Scenario: A group server that takes no token is not asked without end
    Given the group server takes no token
    When Alice starts an MC service
    Then the refusals by the group server are taken
