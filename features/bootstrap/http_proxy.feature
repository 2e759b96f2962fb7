@ics:uses_http_proxy
Feature: HTTP proxy of the initial configuration
  The initial configuration names the HTTP proxy of the primary system. It ends the TLS of the
  terminal for several servers; only the identity server is reached without it.

  Background:
    Given the primary system has an HTTP proxy

  @TS24482-A.2.1.2-03
  Scenario: Documents are asked for through the HTTP proxy
    Given Alice has switched the terminal on again and signed in
    When Alice starts an MC service
    Then configuration and groups are asked for through the HTTP proxy

  @TS24482-A.2.1.2-02
  Scenario: The identity server is reached without the HTTP proxy
    When Alice switches the terminal on and tries to sign in
    Then the HTTP proxy is not asked for the identity server
