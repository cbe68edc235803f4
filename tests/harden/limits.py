"""Asks the HTTP service a dozen questions while the clock of its process jumps. Not a test."""

from __future__ import annotations

import sys
import time

from starlette.testclient import TestClient

from assistant import Assistant
from assistant.doors.http import application
from assistant.doors.limits import Limits
from tests.harden import scene

_ASKED = 12


def main(store: str) -> None:
    """Say how many were answered, and whether alike."""
    limits = Limits(per_minute=60, burst=_ASKED)  # so that a clock which goes backwards would soon refuse
    with (
        Assistant.open(store) as assistant,
        TestClient(application(assistant, limits=limits), base_url="http://127.0.0.1") as client,
    ):
        answers = []
        for _ in range(_ASKED):
            got = client.post("/v1/ask", json={"question": scene.QUESTIONS[0]})
            answers.append(scene.comparable(got.json()) if got.status_code == 200 else {"refused": got.text})
            time.sleep(0.05)
    alike = all(answer == answers[0] for answer in answers) and "refused" not in answers[0]
    sys.stdout.write(f"{len(answers)} answered {'alike' if alike else answers}\n")
