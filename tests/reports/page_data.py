"""Reads the data that a page keeps for its script, as the script does."""

from __future__ import annotations

import json
from typing import Any

from lxml import html

from reports.html import unpacked


class PageData:
    """The data below the scenarios of a page."""

    def __init__(self, page: str) -> None:
        tree = html.document_fromstring(unpacked(page))
        self.places = json.loads(tree.get_element_by_id("places").text)
        self._texts = {one.get("id"): self._text(one) for one in tree.find_class("chunk")}
        self._lines = self._texts.get("lines", "").split("\n")

    @staticmethod
    def _text(element: Any) -> str:
        unpacks = element.get("type") == "application/x-unpacked"
        return str(json.loads(element.text)) if unpacks else str(element.text)

    def chunk(self, name: str) -> dict[str, Any]:
        chunk = json.loads(self._texts[self.places[name]])
        chunk.setdefault("lines", self._lines)
        return chunk

    def scenario(self, name: str) -> dict[str, Any]:
        return self.chunk(name)["scenarios"][name]

    def exchange(self, scenario: str, name: str) -> dict[str, Any]:
        return next(one for one in self.scenario(scenario)["exchanges"] if one["name"] == name)

    def messages(self, scenario: str, name: str) -> list[str]:
        """Each message of an exchange as one text: head, then the parts of its body."""
        chunk = self.chunk(scenario)
        told = []
        for head, body, _ in self.exchange(scenario, name)["messages"]:
            texts = [read(head, chunk["lines"])]
            if body >= 0:
                for _, _, _, runs, form in chunk["bodies"][body][1]:
                    texts += [f"{key}: {value}" for key, value in form]
                    texts += [read(runs, chunk["lines"])] if runs else []
            told.append("\n".join(texts))
        return told

    def notes(self, scenario: str) -> list[str]:
        bodies = self.chunk(scenario)["bodies"]
        return [part[2] for _, parts in bodies for part in parts if part[2]]


def read(runs: list[int], table: list[str]) -> str:
    pairs = zip(runs[::2], runs[1::2], strict=True)
    return "\n".join(line for begin, count in pairs for line in table[begin : begin + count])
