"""What surviving mutants changed is told from the functions, not from their names."""

from collections import Counter
from pathlib import Path

import pytest

from benchmarks import survivors

ORIGINAL = """
for one in many:
    if one.at < end:
        continue
    yield Departure("a Word", one.name, exchange=one, through=read)
    last = one.name.partition(end)
    if header(one, "Event") == "Text":
        pass
"""


@pytest.mark.parametrize(
    ("old", "new", "what"),
    [
        ("a Word", "XXa WordXX", survivors.WORDS),
        ("a Word", "A WORD", survivors.LETTER_CASE),
        ("exchange=one", "exchange=None", survivors.WHICH),
        (", exchange=one", "", survivors.WHICH),
        (", through=read", "", survivors.FACTS),
        ("through=read", "through=None", survivors.FACTS),
        ("Event", "EVENT", survivors.LETTER_CASE),
        ("Event", "XXEventXX", survivors.COMPARED),
        ("Text", "text", survivors.COMPARED),
        ("Text", "XXTextXX", survivors.COMPARED),
        ("<", "<=", survivors.EQUAL),
        ("continue", "break", survivors.LOOPS),
        (", one.name,", ", None,", survivors.FALLBACK),
        ("one.at < end", "not one.at < end", survivors.OTHERS),
        ("one.name.partition", "one.name.rpartition", survivors.PARTITION),
        ("one.name.partition", "one.name.casefold", survivors.OTHERS),
    ],
)
def test_change_is_told_in_words(tmp_path: Path, old: str, new: str, what: str) -> None:
    bodies = {"orig": ORIGINAL, "7": ORIGINAL.replace(old, new)}
    made = [
        f"def x_one__mutmut_{name}(many, end):" + body.replace("\n", "\n    ") + "\n"
        for name, body in bodies.items()
    ]
    (tmp_path / "muster").mkdir()
    (tmp_path / "muster" / "tokens.py").write_text("\n".join(made))

    found = survivors.explained(tmp_path, ["muster.tokens.x_one__mutmut_7"])

    assert found == {"muster/tokens.py": Counter([what])}


def test_mutant_that_cannot_be_read_is_counted(tmp_path: Path) -> None:
    found = survivors.explained(tmp_path, ["muster.x.y__mutmut_1"])

    assert found == {"muster/x.py": {survivors.OTHERS: 1}}


def test_what_is_no_mutant_is_told(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="main: no mutant"):
        survivors.explained(tmp_path, ["main"])


def test_functions_that_only_run_while_modules_load_are_told_apart(tmp_path: Path) -> None:
    names = ["muster.x.x_made__mutmut_1", "muster.x.xǁClassǁmethod__mutmut_2"]

    found = survivors.explained(tmp_path, names, names[:1])

    assert found == {"muster/x.py": {survivors.LOADED: 1, survivors.OTHERS: 1}}
    assert [survivors.unmutated(name) for name in names] == ["muster.x.made", "muster.x.method"]


def test_vocabulary_is_made_while_it_is_loaded() -> None:
    called = survivors.called_while_loading()

    assert "muster.documents.vocabulary._partner_names" in called
    assert "muster.documents.parse.parse" not in called
