@baseline
Feature: Several services on one terminal
  Each MC service has an information body of its own; the clients of all services share one
  registration with the SIP core.

  Background:
    Given Alice is signed in at the primary system

  Scenario Outline: The token is presented in the information body of the service
    When Alice starts the <service> service
    Then service authorisation has been asked for
    And the information body of that request is that of the service

    @TS24281-F.1-51
    Examples:
      | service |
      | MCVideo |

    @TS24282-D.1-51
    Examples:
      | service |
      | MCData  |

  @ics:several_services @TS24379-7.1-02
  Scenario Outline: Another service joins the registration that is there
    When Alice starts the MCPTT service
    And Alice also starts the <service> service
    Then both services are on one registration

    Examples:
      | service |
      | MCVideo |
      | MCData  |

  @ics:several_services @TS24379-7.1-04
  Scenario Outline: A service that is stopped leaves the registration to the others
    When Alice starts the MCPTT service
    And Alice also starts the <service> service
    And Alice gives up the <service> service
    Then the registration names the service no more

    Examples:
      | service |
      | MCVideo |
      | MCData  |
