"""Files that another program sends in, what becomes of each out; then the index follows, in the background."""

from __future__ import annotations

import logging
import shutil
import tempfile
import threading
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

from assistant.corpus import Corpus
from assistant.doors.problems import BUG, Problem, problem_of
from assistant.errors import AssistantError
from index.errors import BadDocument, CorpusError, StoreBusy
from index.loading.incoming import Becomes, Incoming, check_name
from index.update import Progress, Report

_LOG = logging.getLogger(__name__)
_PAUSE = 1.0  # seconds between two tries while another process is updating the index


@dataclass(frozen=True, slots=True)
class Sent:
    """A file as it was sent."""

    name: str
    content: BinaryIO


def add(corpus: Corpus, files: Sequence[Sent], *, replace: bool, dry_run: bool) -> tuple[list[dict[str, Any]], bool]:
    """What becomes, or with `dry_run` would become, of each file; and whether there is anything new to index.

    Raises:
        CorpusError: the corpus cannot be read or written now.
    """
    with tempfile.TemporaryDirectory(prefix="parallax-door-") as folder:
        laid = [_laid_down(Path(folder), number, file) for number, file in enumerate(files)]
        paths = [one for one in laid if isinstance(one, Path)]
        took = corpus.examine if dry_run else corpus.add
        found = iter(took(paths, replace=replace) if paths else ())
        became = [one if isinstance(one, Incoming) else next(found) for one in laid]
    place = str(corpus.folder)
    return [_told(one, place) for one in became], not dry_run and any(one.is_added for one in became)


def _laid_down(folder: Path, number: int, file: Sent) -> Path | Incoming:
    """The file under its own name in a folder of its own; of one that no corpus may have, why."""
    try:
        check_name(file.name)
    except BadDocument as error:
        return Incoming(Path(), file.name[:100], Becomes.REFUSED, problem=error.reason)
    place = folder / str(number) / file.name
    place.parent.mkdir()
    with place.open("xb") as copy:
        shutil.copyfileobj(file.content, copy)
    return place


def _told(one: Incoming, place: str) -> dict[str, Any]:
    problem = one.problem.replace(place, "the folder")
    return {"name": one.name, "becomes": str(one.becomes), "to": one.to or None, "problem": problem or None}


class Updates:
    """Brings the index of one corpus up to date when it is asked to, one run after the other."""

    def __init__(self, corpus: Corpus) -> None:
        self._corpus = corpus
        self._threads = ThreadPoolExecutor(1, "update")
        self._closing = threading.Event()
        self._guard = threading.Lock()
        self._waiting = 0  # runs that were asked for and are not done
        self._progress: Progress | None = None
        self._report: Report | None = None
        self._problem: Problem | None = None

    def begin(self) -> None:
        """Have the index follow the folder; returns at once."""
        with self._guard:
            self._waiting += 1
        self._threads.submit(self._run)

    def close(self) -> None:
        """Begin nothing more; a run that has begun is finished first."""
        self._closing.set()
        self._threads.shutdown(cancel_futures=True)

    def to_dict(self) -> dict[str, Any]:
        """How far it is, and what came of the last run that this process made."""
        progress, report, problem = self._progress, self._report, self._problem
        state = "updating" if self._waiting else "failed" if problem else "done" if report else "idle"
        return {
            "state": state,
            "progress": progress and _progress(progress),
            "report": report and _report(report),
            "error": problem and problem.to_dict()["error"],
            "generation": self._corpus.reader.store.current(),
        }

    def _run(self) -> None:
        report, problem = None, None
        try:
            report = self._updated()
        except (AssistantError, CorpusError) as error:
            problem = problem_of(error)
        except Exception:  # noqa: BLE001  the edge of a thread: nobody waits for what it returns
            _LOG.exception("The index could not be updated.")
            problem = BUG
        with self._guard:
            self._progress, self._report, self._problem = None, report, problem
            self._waiting -= 1

    def _updated(self) -> Report:
        while True:
            try:
                return self._corpus.update(self._show)
            except StoreBusy:  # another process is at it, and may have begun before the new files were there
                if self._closing.wait(_PAUSE):
                    raise

    def _show(self, progress: Progress) -> None:
        self._progress = progress


def _progress(progress: Progress) -> dict[str, Any]:
    return {
        "documents": progress.documents,
        "of_documents": progress.of_documents,
        "passages": progress.passages,
        "seconds_left": progress.seconds_left,
    }


def _report(report: Report) -> dict[str, Any]:
    return {
        "plan": str(report.plan),
        "passages": report.passages,
        "embedded": report.embedded,
        "failed": [{"document": path, "reason": reason} for path, reason in report.failed],
        "duplicates": [{"document": path, "of": original} for path, original in report.duplicates],
        "warnings": [{"document": path, "warning": warning} for path, warning in report.warnings],
        "seconds": round(report.seconds, 3),
    }
