"""What holds for every test: no settings or keys of whoever runs it, and nothing of theirs written."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest


@pytest.fixture(scope="session", autouse=True)
def clean_environment(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """The int8 graph takes two seconds to build, so it is built once a session (once for all of pytest-xdist)."""
    base = tmp_path_factory.getbasetemp()
    cache = base.parent if "PYTEST_XDIST_WORKER" in os.environ else base
    with pytest.MonkeyPatch.context() as patch:
        for name in [name for name in os.environ if name.startswith(("OPENAI_", "PARALLAX_"))]:
            if name != "PARALLAX_SOAK":
                patch.delenv(name)
        patch.setenv("PARALLAX_CACHE", str(cache / "parallax-cache"))
        patch.setenv("PARALLAX_HOME", str(base / "parallax-home"))
        yield


@pytest.hookimpl(trylast=True)
def pytest_runtest_logreport(report: pytest.TestReport) -> None:
    """Tell a failure at once as well: the summary of a run that is broken off never comes."""
    if report.failed and "PYTEST_XDIST_WORKER" not in os.environ:
        print(
            f"\n{report.nodeid} ({report.when}) failed:\n{report.longreprtext[-2000:]}", file=sys.__stdout__, flush=True
        )


@pytest.fixture(autouse=True)
def own_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Which store was indexed last is remembered for one test only."""
    monkeypatch.setenv("PARALLAX_HOME", str(tmp_path / "parallax-home"))


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder with seeds and development sets, beside the project; it is not part of it."""
    folder = Path(__file__).parents[2] / "shared"
    if not folder.is_dir():
        pytest.skip("The folder ../shared is not here, so there are no seed documents to test with.")
    return folder
