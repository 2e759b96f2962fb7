@baseline
Feature: Subscription that the server ends
  The server says why it ends a subscription, and with that whether it may be begun anew.

  Background:
    Given Alice is served by the primary system

  @RFC6665-4.1.3-03
  Scenario: A deactivated subscription is begun anew
    When the primary system ends the subscription to configuration documents as deactivated
    Then configuration documents are subscribed to anew

  @RFC6665-4.1.3-04
  Scenario: A rejected subscription is not begun anew
    When the primary system ends the subscription to configuration documents as rejected
    Then the rejected subscription is not begun anew

  @RFC6665-4.1.3-05
  Scenario: A subscription to what does not exist is not begun anew
    When the primary system ends the subscription to configuration documents as noresource
    Then the subscription to nothing is not begun anew

  @RFC6665-4.1.3-02
  Scenario: A notification of a subscription that has ended is refused
    Given the primary system has rejected the subscription to configuration documents
    When the primary system goes on notifying of the subscription that it ended
    Then that stray notification is refused

  @RFC6665-4.1.3-02
  Scenario: A notification of a subscription that nobody has is refused
    When the primary system notifies Alice of a subscription that nobody has
    Then that stray notification is refused
