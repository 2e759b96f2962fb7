import pytest

from reports.text import decoded, differing, discreet, marked, plain, short, visible
from tests.reports.sample import ACCESS


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("plain ümlaut 消防 🚒", "plain ümlaut 消防 🚒"),
        ("\x1b[31m", "␛[31m"),
        ("a\x00b\x7f", "a␀b␡"),
        ("tab\tline\n", "tab\tline\n"),
        ("\u202egpj", "⟨U+202E⟩gpj"),
        ("zero\u200bwidth\ufeff", "zero⟨U+200B⟩width⟨U+FEFF⟩"),
        ("\ud800", "⟨U+D800⟩"),
        ("\x85\x9b", "⟨U+0085⟩⟨U+009B⟩"),
        ("\U000e0041", "⟨U+E0041⟩"),
    ],
)
def test_characters_that_would_act_are_seen_instead(text, shown):
    assert visible(text) == shown


def test_bytes_that_are_no_text_are_escaped():
    assert decoded(b"a\r\nb\xff") == "a\nb\\xff"


def test_cut_text_says_how_much_is_left_out():
    assert short("abcdef", 4) == "abcd… (2 more characters)"


def test_masked_secret_becomes_a_label_with_its_owner():
    assert marked(f"Bearer {ACCESS.label} <b>", {ACCESS.label: ACCESS}) == (
        'Bearer <mark class="t t1" title="access token issued by primary to'
        ' sip:alice-3fa2@primary-3fa2.example">access·1f00</mark> &lt;b&gt;'
    )


def test_masked_secret_of_nobody_is_still_a_label():
    assert marked("masked-password-a1b2c3d4e5f6", {}) == (
        '<mark class="t t6" title="password, masked">password·a1b2</mark>'
    )


def test_difference_is_underlined_when_most_is_the_same():
    assert differing("/users/alice/<1>", "/users/bob/<1>") == "/users/<u>alice</u>/&lt;1&gt;"


@pytest.mark.parametrize("other", ["something else", "/users/alice"])
def test_texts_that_differ_as_a_whole_or_not_at_all_are_left(other):
    assert differing("/users/alice", other) == "/users/alice"


def test_secret_that_stands_in_a_configuration_is_not_shown():
    given = {
        "url": "https://bench:hunter2@127.0.0.1:8443/ue",
        "users": {"alice": {"username": "alice", "password": "hunter2"}},
        "pin": "masked-password-a1b2c3d4e5f6",
        "items": ["keys", "token_exchange"],
        "client_secret": "",
        "group_key": True,
    }

    assert discreet(given) == {
        "url": "https://…@127.0.0.1:8443/ue",
        "users": {"alice": {"username": "alice", "password": "not shown"}},
        "pin": "masked-password-a1b2c3d4e5f6",
        "items": ["keys", "token_exchange"],
        "client_secret": "",
        "group_key": True,
    }


def test_numbers_are_told_as_numbers():
    assert plain({"clock_scale": 1.0, "ports": [1, 0], "builtin": True, "documents": None}) == (
        "clock_scale: 1.0, ports: 1, 0, builtin: yes, documents: not given"
    )
