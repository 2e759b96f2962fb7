"""Names on the wire that all MC services share; those of one service are in `services`."""

INIT_CONFIG = "urn:3gpp:mcptt:mcpttUEinitConfig:1.0"
LIST_SERVICE = "urn:oma:xml:poc:list-service"
XCAP_DIFF = "urn:ietf:params:xml:ns:xcap-diff"
RESOURCE_LISTS = "urn:ietf:params:xml:ns:resource-lists"
POC_SETTINGS = "urn:oma:params:xml:ns:poc:poc-settings"
MCS_SETTINGS = "urn:3gpp:mcsSettings:1.0"

PIDF = "urn:ietf:params:xml:ns:pidf"
ALIAS_PRESENCE = "urn:3gpp:ns:mcpttPresInfoFA:1.0"
"""As recalled: no text was seen that names it."""

INIT_CONFIG_TYPE = "application/vnd.3gpp.mcptt-ue-init-config+xml"
GROUP_TYPE = "application/vnd.oma.poc.groups+xml"
POC_SETTINGS_TYPE = "application/poc-settings+xml"
PIDF_TYPE = "application/pidf+xml"
RESOURCE_LISTS_TYPE = "application/resource-lists+xml"
XCAP_DIFF_TYPE = "application/xcap-diff+xml"

GROUPS_AUID = "org.openmobilealliance.groups"
