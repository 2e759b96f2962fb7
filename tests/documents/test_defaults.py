from muster.documents.parse import parse
from muster.documents.rules.defaults import (
    Protection,
    effective_adhoc_group_calls,
    effective_group_disabled,
    effective_group_setting,
    effective_permission,
    effective_priority_levels,
    effective_server_protection,
    effective_signalling_protection,
    meanings,
)

SERVICE = (
    '<service-configuration-info xmlns="urn:3gpp:ns:mcpttServiceConfig:1.0">'
    '<service-configuration-params domain="a.example"><on-network>{}</on-network>'
    "</service-configuration-params></service-configuration-info>"
)
PROFILE = (
    '<mcptt-user-profile xmlns="urn:3gpp:mcptt:user-profile:1.0" '
    'xmlns:cp="urn:ietf:params:xml:ns:common-policy"><cp:ruleset><cp:rule id="a"><cp:actions>'
    "{}</cp:actions></cp:rule></cp:ruleset></mcptt-user-profile>"
)
GROUP = (
    '<group xmlns="urn:oma:xml:poc:list-service" xmlns:g="urn:3gpp:ns:mcpttGroupInfo:1.0">'
    '<list-service uri="sip:a@b.example">{}</list-service></group>'
)


def _parsed(frame: str, content: str = ""):
    return parse(frame.format(content).encode())


def test_absent_protection_means_protected():
    assert effective_signalling_protection(_parsed(SERVICE)) == Protection(True, True)
    assert effective_server_protection(_parsed(SERVICE), "allow-signalling-protection")


def test_protection_between_servers_said_false_is_off():
    content = "<allow-signalling-protection>false</allow-signalling-protection>"

    assert not effective_server_protection(_parsed(SERVICE, content), "allow-signalling-protection")
    assert effective_server_protection(_parsed(SERVICE, content), "allow-another-protection")


def test_protection_said_false_is_off():
    content = (
        "<signalling-protection><confidentiality-protection>false</confidentiality-protection>"
        "</signalling-protection>"
    )

    assert effective_signalling_protection(_parsed(SERVICE, content)) == Protection(False, True)


def test_integrity_said_false_is_off():
    content = (
        "<signalling-protection><integrity-protection>false</integrity-protection>"
        "</signalling-protection>"
    )

    assert effective_signalling_protection(_parsed(SERVICE, content)) == Protection(True, False)


def test_absent_priority_levels_mean_four():
    content = "<num-levels-priority-hierarchy>9</num-levels-priority-hierarchy>"

    assert effective_priority_levels(_parsed(SERVICE)) == 4
    assert effective_priority_levels(_parsed(SERVICE, content)) == 9


def test_absent_adhoc_group_call_means_unsupported():
    content = (
        "<anyExt><adhoc-group-call><allow-adhoc-group-call-support>1"
        "</allow-adhoc-group-call-support></adhoc-group-call></anyExt>"
    )

    assert not effective_adhoc_group_calls(_parsed(SERVICE))
    assert effective_adhoc_group_calls(_parsed(SERVICE, content))


def test_absent_permission_means_false():
    given = "<allow-private-call> true </allow-private-call>"
    extended = "<anyExt><allow-regroup>true</allow-regroup></anyExt>"

    assert not effective_permission(_parsed(PROFILE), "allow-private-call")
    assert effective_permission(_parsed(PROFILE, given), "allow-private-call")
    assert effective_permission(_parsed(PROFILE, extended), "allow-regroup")


def test_absent_group_settings_have_their_defaults():
    group = _parsed(GROUP)

    assert effective_group_setting(group, "protect-media")
    assert not effective_group_setting(group, "on-network-invite-members")
    assert not effective_group_setting(
        _parsed(GROUP, "<g:protect-media>false</g:protect-media>"), "protect-media"
    )


def test_group_is_disabled_by_presence():
    assert not effective_group_disabled(_parsed(GROUP))
    assert effective_group_disabled(_parsed(GROUP, "<g:on-network-disabled/>"))


def test_what_a_service_configuration_leaves_out_is_told():
    said = (
        "<signalling-protection><integrity-protection>false</integrity-protection>"
        "</signalling-protection><num-levels-priority-hierarchy>9</num-levels-priority-hierarchy>"
        "<anyExt><adhoc-group-call/></anyExt>"
    )

    assert list(meanings(_parsed(SERVICE))) == [
        "confidentiality-protection is true, integrity-protection is true, "
        "num-levels-priority-hierarchy is 4 (TS 24.484 8.4.2.6)",
        "ad hoc group calls are not supported (TS 24.484 8.4.2.1)",
    ]
    assert list(meanings(_parsed(SERVICE, said))) == [
        "confidentiality-protection is true (TS 24.484 8.4.2.6)"
    ]


def test_what_a_profile_leaves_out_is_told():
    told = "every allow-... that no rule lists is false (TS 24.484 8.3.2.7)"

    assert list(meanings(_parsed(PROFILE))) == [told]


def test_what_a_group_leaves_out_is_told_for_its_services_alone():
    (told,) = meanings(_parsed(GROUP, "<g:protect-media>false</g:protect-media>"))

    assert told.startswith("on-network-invite-members is false, protect-floor-control-signalling")
    assert "mcvideo" not in told
