Feature: Versions of TLS at the bootstrap
  Servers of MC systems are older or newer than the terminal. TLS has two versions
  that are in use, and some that are not any more.

  Background:
    Given Alice's terminal was switched on once, and reset

  @TS33310-E.1-01
  Scenario: A server without TLS 1.3 is asked all the same
    Given the bootstrap server speaks no version but TLS 1.2
    When Alice switches the terminal on and tries to sign in
    Then the bootstrap server is asked over TLS 1.2

  @TS33310-E.1-02 @ics:tls_1_3
  Scenario: A server without TLS 1.2 is asked all the same
    Given the bootstrap server speaks no version but TLS 1.3
    When Alice switches the terminal on and tries to sign in
    Then the bootstrap server is asked over TLS 1.3

  @RFC8996-5-01
  Scenario: A server that knows only forbidden versions of TLS is not asked
    Given the bootstrap server speaks no version but TLS 1.1
    When Alice switches the terminal on and tries to sign in
    Then the bootstrap server is not asked over that version
