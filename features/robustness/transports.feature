Feature: Transports of SIP
  The configuration may name the transport by which the MC service server is to be reached.

  @RFC3263-4.1-01
  Scenario Outline: The transport that is named is used
    Given the MC service server is to be reached over <transport>
    And Alice is signed in at the primary system
    When Alice starts an MC service
    Then the terminal registers over <transport>

    @ics:sip_over_udp
    Examples:
      | transport |
      | UDP       |

    @ics:sip_over_tcp
    Examples:
      | transport |
      | TCP       |

    @ics:sip_over_tls
    Examples:
      | transport |
      | TLS       |
