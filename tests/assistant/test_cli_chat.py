"""`parallax chat` as a process, from its start to its end."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from chatting import Served, serving
from command import FORKED, parallax

LOADING = f"""
import sys, time
sys.path.insert(0, {str(FORKED.parents[1])!r})
from assistant import Assistant
from assistant.cli import main
from index import CorpusError
def warm(self):
    time.sleep(1)
    if how == "fails":
        raise CorpusError("The index is torn. Mend it.")
    sys.stderr.write("loaded\\n")
Assistant.warm = warm
how, sys.argv = sys.argv[1], ["parallax", "chat", "--port", "0"]
main()
"""


@pytest.fixture
def home(tmp_path: Path) -> Path:
    (tmp_path / "corpus").mkdir()
    (tmp_path / "corpus" / "dockers.txt").write_text("The crane must be mended before winter, the dockers write.\n")
    parallax("index", tmp_path / "corpus", home=tmp_path)
    return tmp_path


@contextmanager
def loading(home: Path, how: str) -> Iterator[Served]:
    environment = {**os.environ, "PARALLAX_HOME": str(home), "PYTHONUNBUFFERED": "1"}
    pipes = dict.fromkeys(("stdout", "stderr"), subprocess.PIPE)
    process = subprocess.Popen([sys.executable, "-c", LOADING, how], text=True, cwd=home, env=environment, **pipes)
    with serving(process) as served:
        yield served


def test_ended_while_a_model_is_being_loaded_it_waits_for_that(home: Path) -> None:
    with loading(home, "works") as served:
        assert served.end() == 0
    assert served.said.endswith("loaded\n")


def test_what_cannot_be_loaded_is_a_sentence(home: Path) -> None:
    with loading(home, "fails") as served:
        assert served.end() == 0
    assert served.said.endswith("The index is torn. Mend it.\n")
    assert "Traceback" not in served.said
