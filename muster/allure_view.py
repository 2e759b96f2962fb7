"""The view for Allure: scenarios, steps and findings, without allure-pytest's files of fixtures."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path
from typing import Any

import allure_commons
import pytest
from allure_commons.logger import AllureFileLogger
from allure_pytest.listener import AllureListener


class ScenarioListener(AllureListener):  # type: ignore[misc]
    """allure-pytest's listener; every step definition is a fixture, and none is worth a file."""

    pytest_fixture_setup = None
    pytest_fixture_post_finalizer = None

    def _update_fixtures_children(self, item: pytest.Item) -> None: ...


class PatientWriter(AllureFileLogger):
    """Writes results on a thread of its own, so that no scenario waits for its view."""

    def __init__(self, folder: Path) -> None:
        super().__init__(str(folder))  # type: ignore[no-untyped-call]
        self._thread = ThreadPoolExecutor(1, "allure")

    def _report_item(self, item: Any) -> None:
        self._thread.submit(super()._report_item, item)

    def close(self) -> None:
        self._thread.shutdown()


def show_to_allure(config: pytest.Config, folder: Path) -> None:
    """Write the results of this process for Allure, as `--alluredir` would."""
    listener, writer = ScenarioListener(config), PatientWriter(folder)
    config.pluginmanager.register(listener, "allure_listener")
    config.add_cleanup(writer.close)
    plugins = allure_commons.plugin_manager
    for plugin in (listener, writer):
        plugins.register(plugin)
        config.add_cleanup(partial(plugins.unregister, plugin))
