"""Shows how a campaign goes: a live display on a terminal, a line per scenario elsewhere."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Sequence
from typing import Self

from rich.console import Console, Group, RenderableType
from rich.live import Live
from rich.text import Text

from muster.journal_files import Event
from muster.verdicts import Verdict

COLOURS = {
    Verdict.PASS: "green",
    Verdict.FAIL: "red",
    Verdict.INCONCLUSIVE: "yellow",
    Verdict.NOT_APPLICABLE: "dim",
    Verdict.ERROR: "magenta",
    Verdict.NOT_RUN: "yellow",
}
SHOWN_AT_ONCE = 8


def harmless(text: str) -> str:
    """Show what would steer a terminal instead of letting it through."""
    return "".join(one if one.isprintable() else ascii(one)[1:-1] for one in text)


class Progress:
    """Follows the events of all workers; `verbose` shows every scenario with its steps."""

    def __init__(self, console: Console, verbose: bool = False) -> None:
        self.console = console
        self.verbose = verbose
        self.titles: dict[str, str] = {}
        self.running: dict[str, float] = {}
        self.verdicts: Counter[Verdict] = Counter()
        self.began = time.monotonic()
        self.live = Live(
            get_renderable=self._display, console=console, refresh_per_second=5, transient=True
        )

    def __enter__(self) -> Self:
        if self.console.is_terminal:
            self.live.start()
        return self

    def __exit__(self, *error: object) -> None:
        self.pause()

    def pause(self) -> None:
        """Leave the terminal to somebody else, until `resume`."""
        if self.live.is_started:
            self.live.stop()

    def resume(self) -> None:
        """Show again how the campaign goes."""
        if self.console.is_terminal and not self.live.is_started:
            self.live.start()

    def feed(self, events: Sequence[Event]) -> None:
        for event in events:
            match event["kind"]:
                case "collected":
                    for entry in event["scenarios"]:
                        self.titles[entry["id"]] = entry["title"]
                case "scenario-started":
                    self.running[event["scenario"]] = time.monotonic()
                case "step" if self.verbose and event["status"] != "started":
                    self._print(f"      {event['status']:<8} {event['keyword']} {event['text']}")
                case "verdict":
                    self._finished(event)

    def _finished(self, event: Event) -> None:
        name, verdict = event["scenario"], Verdict(event["verdict"])
        self.running.pop(name, None)
        self.verdicts[verdict] += 1
        if self.console.is_terminal and verdict is Verdict.PASS and not self.verbose:
            return
        reason = f"({event['reason']})" if event["reason"] else ""
        line = Text(f"{verdict.value}{reason} ".ljust(6), style=COLOURS[verdict])
        line.append(f"{name} {self.titles.get(name, '')}", style="default")
        line.append(f" ({event['duration']:.1f} s)", style="dim")
        self._print(line)
        if verdict is Verdict.ERROR or (self.verbose and event["explanation"]):
            self._print(f"      {event['explanation']}")
        for finding in event["findings"] if verdict is Verdict.FAIL or self.verbose else ():
            self._print(
                f"      {finding['severity']} {finding['requirement']}: expected"
                f" {finding['expected']}, observed {finding['observed']} [{finding['exchange']}]"
            )

    def _print(self, line: str | Text) -> None:
        # What a UE sends stands in here: it is text, never markup.
        text = Text(harmless(line)) if isinstance(line, str) else line
        self.console.print(text, soft_wrap=True, highlight=False)

    def _display(self) -> RenderableType:
        done, total = sum(self.verdicts.values()), len(self.titles)
        line = Text(f"{done} of {total} scenarios")
        for verdict in Verdict:
            if self.verdicts[verdict]:
                line.append(f"  {verdict.value} {self.verdicts[verdict]}", COLOURS[verdict])
        line.append(f"  {time.monotonic() - self.began:.0f} s", "dim")
        running = [
            Text(f"  running {name} {self.titles.get(name, '')}", "dim", overflow="ellipsis")
            for name in list(self.running)[:SHOWN_AT_ONCE]
        ]
        return Group(line, *running)
