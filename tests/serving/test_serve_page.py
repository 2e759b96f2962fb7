"""`muster serve --page`: what comes, in a browser."""

from __future__ import annotations

from collections.abc import Callable

from muster.ue.driver import Driver
from tests.live.campaign import rows
from tests.live.client import Client, next_news
from tests.serving.conftest import Serving, provisioned


def test_page_shows_what_comes(serve: Callable[..., Serving], ue: Driver) -> None:
    served = serve("--page")
    client = Client(served.comes("^page: ").split()[1])
    provisioned(ue, served)
    assert ue.power_on().is_done

    with client.events() as events:
        seen = rows(next_news(events)[1])
        while not any(row["k"] == "exchange" for row in seen):
            seen += rows(next_news(events)[1])
    assert ("primary", "bootstrap", "200") in {
        (row["system"], row["server"], row["status"]) for row in seen if row["k"] == "exchange"
    }
    assert served.end() == 0
