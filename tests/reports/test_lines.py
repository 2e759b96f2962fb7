from hypothesis import given
from hypothesis import strategies as st

from reports.lines import Lines

TEXTS = st.lists(st.lists(st.sampled_from(["a", "b", "</x>", "", "c"]), max_size=12), max_size=8)


@given(TEXTS)
def test_runs_read_back_as_the_lines_they_were_made_of(texts):
    lines = Lines()

    runs = [lines.add(text) for text in texts]

    assert [lines.lines(one) for one in runs] == texts


def test_known_text_is_one_run():
    lines = Lines()
    lines.add(["<list>", "<entry/>", "</list>"])

    assert lines.add(["<list>", "<entry/>", "</list>"]) == [0, 3]
    assert lines.table == ["<list>", "<entry/>", "</list>"]


def test_text_that_differs_in_one_line_is_read_on_after_it():
    lines = Lines()
    lines.add(["<a>", "<b>", "sip:alice-1@one.example", "</b>", "</a>"])

    runs = lines.add(["<a>", "<b>", "sip:alice-2@two.example", "</b>", "</a>"])

    assert runs == [0, 2, 5, 1, 3, 2]
