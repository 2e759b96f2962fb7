@baseline @main_job
Feature: Service configuration
  The service configuration holds for everybody whom the MC system serves.

  Background:
    Given Alice is signed in at the primary system

  Scenario Outline: The service configuration is obtained from the global tree
    When Alice starts the <service> service
    Then the configuration server has told the terminal of its documents
    And the service configuration is obtained from the global tree

    @TS24484-8.4.2.2-51 @TS24484-8.4.2.9-51
    Examples:
      | service |
      | MCPTT   |

    @TS24484-9.4.2.2-51 @TS24484-9.4.2.9-51
    Examples:
      | service |
      | MCVideo |

    @TS24484-10.4.2.2-51 @TS24484-10.4.2.9-51
    Examples:
      | service |
      | MCData  |
