"""Names on the wire that the UE reads and writes: namespaces, media types and ICSI."""

INIT_CONFIG = "urn:3gpp:mcptt:mcpttUEinitConfig:1.0"
UE_CONFIG = "urn:3gpp:mcptt:mcpttUEConfig:1.0"
USER_PROFILE = "urn:3gpp:mcptt:user-profile:1.0"
SERVICE_CONFIG = "urn:3gpp:ns:mcpttServiceConfig:1.0"
LIST_SERVICE = "urn:oma:xml:poc:list-service"
XCAP_DIFF = "urn:ietf:params:xml:ns:xcap-diff"
RESOURCE_LISTS = "urn:ietf:params:xml:ns:resource-lists"
MCPTT_INFO = "urn:3gpp:ns:mcpttInfo:1.0"
POC_SETTINGS = "urn:oma:params:xml:ns:poc:poc-settings"
MCS_SETTINGS = "urn:3gpp:mcsSettings:1.0"

# Provisional: the MCPTT twins of the MCVideo elements of TS 24.484, 9.3.2.3.
MIGRATABLE_PARTNER = "MigratablePartnerMCPTTSystemInfo"
PARTNER_SYSTEM_ID = "PartnerMCPTTSystemId"

INIT_CONFIG_TYPE = "application/vnd.3gpp.mcptt-ue-init-config+xml"
UE_CONFIG_TYPE = "application/vnd.3gpp.mcptt-ue-config+xml"
USER_PROFILE_TYPE = "application/vnd.3gpp.mcptt-user-profile+xml"
SERVICE_CONFIG_TYPE = "application/vnd.3gpp.mcptt-service-config+xml"
GROUP_TYPE = "application/vnd.oma.poc.groups+xml"
MCPTT_INFO_TYPE = "application/vnd.3gpp.mcptt-info+xml"
POC_SETTINGS_TYPE = "application/poc-settings+xml"
RESOURCE_LISTS_TYPE = "application/resource-lists+xml"
XCAP_DIFF_TYPE = "application/xcap-diff+xml"

UE_CONFIG_AUID = "org.3gpp.mcptt.ue-config"
USER_PROFILE_AUID = "org.3gpp.mcptt.user-profile"
SERVICE_CONFIG_AUID = "org.3gpp.mcptt.service-config"
GROUPS_AUID = "org.openmobilealliance.groups"

MCPTT_ICSI = "urn:urn-7:3gpp-service.ims.icsi.mcptt"
FEATURE_TAGS = '+g.3gpp.mcptt;+g.3gpp.icsi-ref="urn%3Aurn-7%3A3gpp-service.ims.icsi.mcptt"'
