@baseline @main_job
Feature: Care with tokens
  Whoever reads an access token may use it, so it travels in one place only.

  Background:
    Given Alice is served by the primary system

  @RFC6750-5.3-01
  Scenario: No access token stands in a URL
    Then no access token stands in a URL
