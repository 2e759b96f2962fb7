"""SIP (RFC 3261): messages, multipart bodies, transactions, transports, an endpoint, dialogs."""
