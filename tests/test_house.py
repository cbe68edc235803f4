"""The rules of the house that no linter knows."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]


def tracked() -> list[str]:
    """The files under version control; outside a checkout, those on the disk."""
    listed = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True)
    return listed.stdout.splitlines()


@pytest.mark.parametrize("package", ["assistant", "index", "ui"])
def test_the_readme_names_every_module_and_no_other(package: str) -> None:
    tree = re.search(r"```\nassistant/.*?```", (ROOT / "README.md").read_text(), re.DOTALL)
    assert tree
    section = re.search(rf"^{package}/.*\n((?:  .*\n)*)", tree.group(), re.MULTILINE)
    assert section
    named, room = set(), ""
    for line in section.group(1).splitlines():
        name = line.split()[0]
        if name.endswith("/"):
            room = name
        elif name.endswith(".py"):
            named.add(room * line.startswith("    ") + name)
    there = {path.relative_to(ROOT / package).as_posix() for path in (ROOT / package).rglob("*.py")}

    assert named == {name for name in there if not name.endswith("__init__.py")}


def test_the_locks_hold_hashes_and_no_address() -> None:
    for lock in ("requirements.lock", "requirements-dev.lock"):
        text = (ROOT / lock).read_text()
        assert "--hash=sha256:" in text
        assert "://" not in text


def test_the_locks_leave_torch_out() -> None:
    for lock in ("requirements.lock", "requirements-dev.lock"):
        assert not re.search(r"^(torch|sentence-transformers|scipy)==", (ROOT / lock).read_text(), re.MULTILINE)


def test_no_committed_file_names_a_package_registry_or_a_path_of_some_machine() -> None:
    hosts = ("pypi" + ".org", "python" + "hosted", "npm" + "js.org")
    # Where somebody's checkout lay, never where a user's does.
    places = re.compile(r"(?<![\w.])/(work|root|farm)/")
    found = [
        (file, line)
        for file in tracked()
        if (ROOT / file).is_file() and not file.endswith((".png", ".lock"))
        for line in (ROOT / file).read_text("utf-8", "replace").splitlines()
        if any(host in line for host in hosts) or (places.search(line) and file != "tests/test_house.py")
    ]

    assert found == []


def test_the_changelog_is_dated() -> None:
    assert re.search(r"^## \d+\.\d+\.\d+, \d{4}-\d{2}-\d{2}$", (ROOT / "CHANGELOG.md").read_text(), re.MULTILINE)


def test_no_committed_file_holds_what_a_merge_left_open() -> None:
    left = re.compile(r"^(<{7}|>{7}|\|{7})( |$)")
    found = [
        (file, number)
        for file in tracked()
        if (ROOT / file).is_file() and not file.endswith(".png")
        for number, line in enumerate((ROOT / file).read_text("utf-8", "replace").splitlines(), 1)
        if left.match(line)
    ]

    assert found == []
