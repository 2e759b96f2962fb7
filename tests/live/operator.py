"""A scripted person: reads prompts on the page, does with a UE what they ask, and clicks."""

from __future__ import annotations

import subprocess
from collections.abc import Callable
from contextlib import suppress
from typing import Any

from playwright.sync_api import Page
from playwright.sync_api import TimeoutError as NothingYet

from muster.ue.contract import OPERATIONS, checked, provisioning_from
from muster.ue.driver import Answer, AnswerKind, Credentials, Driver

PASSWORD = "typed-by-the-operator"
BUTTONS = {AnswerKind.DONE: "Done", AnswerKind.REFUSED: "Refused", AnswerKind.UNSUPPORTED: "Cannot"}
READ = """card => [...card.querySelectorAll('[data-name]')].map(row => {
    const rows = row.querySelector('table')?.rows;
    const cells = rows && [...rows].map(one => [...one.cells].map(cell => cell.textContent));
    return [row.dataset.name, cells ?? row.querySelector('dd').textContent];
})"""


def do(ue: Driver, operation: str, told: dict[str, Any]) -> Answer:
    """Do with the UE what the page asks, with the values that it shows."""
    kinds = {one.name: one.kind for one in OPERATIONS[operation].arguments}
    given: dict[str, Any] = {}
    for name, value in told.items():
        match kinds[name]:
            case "integer":
                given[name] = int(value)
            case "object":
                given[name] = {} if value == "none" else dict(value)
            case _:
                given[name] = value
    arguments = checked(operation, given)
    if operation == "reset":
        return ue.reset(provisioning_from(arguments))
    if operation == "sign_in":
        right = arguments["password"] == "(in the file of secrets)"
        typed = PASSWORD if right else "anything-but-that"
        return ue.sign_in(arguments["user"], Credentials(arguments["username"], typed))
    answer: Answer = getattr(ue, operation)(*arguments.values())
    return answer


def serve_prompts(
    page: Page, ue: Driver, process: subprocess.Popen[str], seen: Callable[[int], None]
) -> int:
    """Answer every prompt with its button, to the end of the campaign; return how many."""
    answered = 0
    last = ""
    while process.poll() is None:
        card = page.locator(f"article.prompt:not([aria-labelledby='{last}'])")
        try:
            card.first.wait_for(timeout=300)
        except NothingYet:
            continue
        last = card.first.get_attribute("aria-labelledby") or ""
        seen(answered)
        mine = page.locator(f"article.prompt[aria-labelledby='{last}']")
        operation = mine.get_attribute("data-operation") or ""
        answer = do(ue, operation, dict(mine.evaluate(READ)))
        mine.get_by_role("button", name=BUTTONS[answer.kind]).click()
        answered += 1
        with suppress(NothingYet):
            mine.wait_for(state="detached", timeout=5_000)
    return answered
