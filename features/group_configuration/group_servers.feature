@mcvideo
Feature: Group servers
  The active profile may say of a group which server keeps it. There the group is to be found,
  and not at the server of the configuration.

  Background:
    Given Alice is signed in at the primary system
    And a second group server keeps the group helmets of the profile "Incident cameras"

  @TS24484-9.3.2.1-51
  Scenario: A group is subscribed to at the server that keeps it
    When Alice starts the MCVideo service
    Then the group helmets is subscribed to at the second group server

  @TS24484-9.3.2.1-52
  Scenario: A group is obtained from the server that keeps it
    When Alice starts the MCVideo service
    Then the group helmets is obtained from the second group server
