"""Rules beyond the schemas: counts, names, codes and completeness that no schema can express."""

from muster.documents.rules import (
    group,
    group_keys,
    initial_configuration,
    key_material,
    policy,
    service_configuration,
    signalling,
    signatures,
    ue_configuration,
    user_profile,
    xcap,
)
from muster.documents.rules.registry import (
    RULES,
    RegisteredRule,
    RuleProblem,
    RuleReport,
    Subject,
    apply_rules,
    rule,
    rules_for,
)

__all__ = [
    "RULES",
    "RegisteredRule",
    "RuleProblem",
    "RuleReport",
    "Subject",
    "apply_rules",
    "group",
    "group_keys",
    "initial_configuration",
    "key_material",
    "policy",
    "rule",
    "rules_for",
    "service_configuration",
    "signalling",
    "signatures",
    "ue_configuration",
    "user_profile",
    "xcap",
]
