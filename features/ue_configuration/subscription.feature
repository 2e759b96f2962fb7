@baseline @main_job
Feature: Subscription to configuration documents
  The configuration management client subscribes to its documents, so that the server can
  tell it what there is and what changes.

  Background:
    Given Alice is signed in at the primary system

  @TS24484-6.3.13.2.2-01 @TS24484-6.3.13.2.2-02 @TS24484-6.3.13.2.2-03
  @TS24484-6.3.13.2.2-04 @TS24484-6.3.13.2.2-05 @TS24484-6.3.13.2.2-06
  @TS24484-6.3.13.2.2-07
  Scenario Outline: The subscription has its form and presents the token
    When Alice starts the <service> service
    Then the configuration documents are subscribed to at the primary system
    And that subscription presents the user's access token

    Examples:
      | service |
      | MCPTT   |
      | MCVideo |
      | MCData  |

  @TS24484-6.3.13.2.2-01 @TS24484-6.3.13.2.2-02 @TS24484-6.3.13.2.2-03
  @TS24484-6.3.13.2.2-04 @TS24484-6.3.13.2.2-05 @TS24484-6.3.13.2.2-06
  @TS24484-6.3.13.2.2-09 @TS24484-6.3.13.2.2-10 @TS24484-6.3.13.2.2-11
  @TS24484-6.3.13.2.2-12
  Scenario Outline: The subscription covers all configuration documents
    When Alice starts the <service> service
    Then the configuration documents are subscribed to at the primary system
    And UE configuration, user profiles and service configuration are covered

    Examples:
      | service |
      | MCPTT   |
      | MCVideo |
      | MCData  |

  @RFC5875-4.8-01
  Scenario Outline: Every document that the first notification names is obtained
    When Alice starts the <service> service
    Then the configuration server has told the terminal of its documents
    And every document that was announced is obtained

    Examples:
      | service |
      | MCPTT   |
      | MCVideo |
      | MCData  |
