"""Who may see the page, where it may be served, and what it answers."""

from __future__ import annotations

import json
import socket
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from urllib.parse import urlsplit

import pytest
from multidict import CIMultiDict

from muster.live.access import HEADERS, refusal
from muster.live.place import NoPlace, is_loopback, names_and_place, take_place
from muster.live.server import served
from tests.live.campaign import SIGN_IN, Written, items
from tests.live.client import Client, next_news
from tests.reports.sample import sample_catalogue

TOKEN = "t0ken"
HOST = {"Host": "127.0.0.1:8100"}


@pytest.fixture
def client(written: Written) -> Iterator[Client]:
    with served(written.folder, take_place("127.0.0.1:0"), sample_catalogue()) as address:
        yield Client(address)


# Who may ask -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "headers",
    [
        HOST,
        {"Host": "localhost:8100", "Origin": "http://localhost:8100"},
        {"Host": "[::1]:8100", "Sec-Fetch-Site": "same-origin"},
        {"Host": "127.0.0.1", "Sec-Fetch-Site": "none"},
        {**HOST, "Sec-Fetch-Site": "cross-site", "Sec-Fetch-Dest": "document"},
    ],
)
def test_who_opens_the_address_on_this_machine_is_served(headers: dict[str, str]) -> None:
    assert refusal(TOKEN, "GET", f"/{TOKEN}/", CIMultiDict(headers)) is None


@pytest.mark.parametrize(
    ("method", "path", "headers", "word"),
    [
        ("GET", f"/{TOKEN}/", {"Host": "rebound.example:8100"}, "this machine"),
        ("GET", f"/{TOKEN}/", {"Host": "192.168.1.4:8100"}, "this machine"),
        ("GET", f"/{TOKEN}/", {}, "this machine"),
        ("GET", f"/{TOKEN}/", {**HOST, "Origin": "http://127.0.0.1:3000"}, "another origin"),
        ("GET", f"/{TOKEN}/", {**HOST, "Origin": "null"}, "another origin"),
        ("POST", f"/{TOKEN}/", {**HOST, "Origin": "https://127.0.0.1:8100"}, "another origin"),
        ("GET", f"/{TOKEN}/", {**HOST, "Sec-Fetch-Site": "cross-site"}, "another site"),
        ("GET", f"/{TOKEN}/", {**HOST, "Sec-Fetch-Site": "same-site"}, "another site"),
        (
            "POST",
            f"/{TOKEN}/",
            {**HOST, "Sec-Fetch-Site": "cross-site", "Sec-Fetch-Dest": "document"},
            "another site",
        ),
        ("GET", "/", HOST, "token"),
        ("GET", "/t0ke/", HOST, "token"),
        ("GET", f"/{TOKEN}x/", HOST, "token"),
        ("GET", "/\udcff/", HOST, "token"),
    ],
)
def test_everybody_else_is_refused(
    method: str, path: str, headers: dict[str, str], word: str
) -> None:
    told = refusal(TOKEN, method, path, CIMultiDict(headers))

    assert told is not None
    assert word in told


def test_a_refusal_gives_nothing_away(client: Client) -> None:
    token = urlsplit(client.address).path.strip("/")
    status, body, headers = client.ask("GET", "", Host="rebound.example")

    assert status == 403
    assert token not in body.decode()
    assert headers["Content-Security-Policy"] == HEADERS["Content-Security-Policy"]


def test_every_answer_forbids_what_the_page_does_not_need(client: Client) -> None:
    for path in ("", "live.js", "live.css", "icon.svg", "rows", "nothing", "exchanges/7"):
        headers = client.ask("GET", path)[2]
        assert {name: headers[name] for name in HEADERS} == dict(HEADERS)


def test_only_the_files_of_the_page_are_given(client: Client) -> None:
    found = {
        path: client.ask("GET", path)[0]
        for path in ("", "live.js", "../other/", "..%2fserver.js", "server.py", "x.js", "answers/a")
    }

    assert found == {
        "": 200,
        "live.js": 200,
        "../other/": 404,
        "..%2fserver.js": 404,
        "server.py": 404,
        "x.js": 404,
        "answers/a": 405,
    }


def test_the_page_names_nothing_from_elsewhere(client: Client) -> None:
    names = ("", "live.css", "icon.svg", "live.js", "dom.js", "overview.js", "findings.js")
    files = [*names, "prompts.js", "sequence.js", "detail.js"]

    texts = [client.ask("GET", name)[1].decode() for name in files]

    assert all(len(text) > 100 for text in texts)
    for text in texts:
        assert "//" not in text.replace("http://www.w3.org/2000/svg", "").replace("// ", "")
        assert "innerHTML" not in text


# Where it may be ---------------------------------------------------------------------------------


@pytest.mark.parametrize("text", ["0", "127.0.0.1:0", "localhost:0", "127.0.0.9:0"])
def test_a_place_of_this_machine_is_taken(text: str) -> None:
    with take_place(text) as place:
        host, port = place.getsockname()[:2]

    assert is_loopback(host)
    assert port > 0


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("migration", "HOST:PORT of this machine is expected"),
        ("lab.example:8100", "HOST:PORT of this machine is expected"),
        ("0.0.0.0:0", "this machine alone"),
        ("192.0.2.1:80", "this machine alone"),
        ("[2001:db8::1]:80", "this machine alone"),
        ("127.0.0.1:70000", "choose another port"),
        ("127.0.0.999:80", "this machine alone"),
    ],
)
def test_another_place_is_refused_in_the_users_words(text: str, word: str) -> None:
    with pytest.raises(NoPlace, match=word):
        take_place(text)


@pytest.mark.parametrize(
    ("page", "names", "place"),
    [
        (None, ("keys",), None),
        ("migration", ("migration", "keys"), "127.0.0.1:0"),
        ("own.feature:14", ("own.feature:14", "keys"), "127.0.0.1:0"),
        ("a/b.feature:14", ("a/b.feature:14", "keys"), "127.0.0.1:0"),
        ("8100", ("keys",), "8100"),
        ("lab.example:8100", ("keys",), "lab.example:8100"),
        ("[::1]:0", ("keys",), "[::1]:0"),
    ],
)
def test_a_name_after_page_is_a_name(
    page: str | None, names: tuple[str, ...], place: str | None
) -> None:
    assert names_and_place(("keys",), page) == (names, place)


def test_a_port_that_is_taken_is_told() -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        with pytest.raises(NoPlace, match=f"127.0.0.1:{port}: Address already in use"):
            take_place(f"127.0.0.1:{port}")


# Events ------------------------------------------------------------------------------------------


def test_a_page_that_comes_again_gets_what_it_missed(client: Client, written: Written) -> None:
    written.begin()
    written.get("/first")
    with client.events() as events:
        number, text = next_news(events)
        while "first" not in text:
            number, text = next_news(events)
    written.get("/missed")

    with client.events(after=number) as events:
        missed = items(next_news(events)[1])
    with client.events(after="another-7") as events:
        anew = json.loads(next_news(events)[1])

    assert [item["label"] for item in missed if item["t"] == "row"] == ["missed"]
    assert anew["reset"] is True
    assert {"campaign", "scenario", "row"} == {item["t"] for item in anew["items"]}


def test_pages_are_told_the_last_news_and_the_end(written: Written) -> None:
    with ExitStack() as page, ThreadPoolExecutor(1) as pool:
        client = Client(page.enter_context(served(written.folder, take_place("0"), None)))
        with client.events() as events:
            next_news(events)
            written.end()
            heard = pool.submit(list, events)
            page.close()
            told = [(kind, data) for _, kind, data in heard.result(10) if kind != "tick"]

    assert told[-1] == ("farewell", "{}")
    assert [item["t"] for item in items(told[-2][1])] == ["end"]


# Answers -----------------------------------------------------------------------------------------


def ask_and_show(client: Client, written: Written) -> None:
    written.begin()
    written.ask()
    with client.events() as events:
        while SIGN_IN.what not in next_news(events)[1]:
            pass


def test_the_first_answer_to_a_prompt_is_taken(client: Client, written: Written) -> None:
    ask_and_show(client, written)

    given = {"answer": "refused", "detail": "no key"}
    first = client.answer(SIGN_IN.id, given)
    second = client.answer(SIGN_IN.id, {"answer": "done"})

    assert (first, second) == (200, 409)
    (path,) = (written.folder / "answers").iterdir()
    assert (path.name, json.loads(path.read_text())) == (f"{SIGN_IN.id}.json", given)


@pytest.mark.parametrize(
    ("prompt", "body", "headers", "status"),
    [
        ("other", {"answer": "done"}, {}, 404),
        ("..", {"answer": "done"}, {}, 404),
        (SIGN_IN.id, {"answer": "silent"}, {}, 400),
        (SIGN_IN.id, {"answer": ["done"]}, {}, 400),
        (SIGN_IN.id, {"answer": "done", "detail": 7}, {}, 400),
        (SIGN_IN.id, ["done"], {}, 400),
        (SIGN_IN.id, b"[" * 9000, {}, 400),
        (SIGN_IN.id, b"\xff", {}, 400),
        (SIGN_IN.id, b"x" * 20_000, {}, 413),
        (SIGN_IN.id, {"answer": "done"}, {"Content_Type": "text/plain"}, 415),
        (SIGN_IN.id, {"answer": "done"}, {"Origin": "http://127.0.0.1:1"}, 403),
    ],
)
def test_what_is_no_answer_is_refused(
    client: Client,
    written: Written,
    prompt: str,
    body: object,
    headers: dict[str, str],
    status: int,
) -> None:
    ask_and_show(client, written)

    assert client.answer(prompt, body, **headers) == status
    assert not (written.folder / "answers").exists()
