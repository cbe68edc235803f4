"""A folder and the list of what is indexed in, what has to be done out. Run: python -m pytest tests/index/test_plan.py"""

from __future__ import annotations

import os
from hashlib import sha256
from pathlib import Path

import pytest
from fakes import write

from index.errors import UnusableFolder
from index.library import DUPLICATE, FAILED, INDEXED, Entry
from index.plan import Plan, plan, stamp


def entry(
    corpus: Path, id: str, *, text: str, state: str = INDEXED, stamped: bool = False, pipeline: str = "p1"
) -> Entry:
    digest = sha256(text.encode()).hexdigest()
    return Entry(
        key=1,
        id=id,
        state=state,
        stamp=stamp(corpus / id) if stamped else "before",
        sha256=digest,
        text_sha256=digest,
        pipeline=pipeline,
        problem=None,
        title=None,
        outlet=None,
        kind=None,
        published=None,
        declared=None,
        language=None,
        warnings=(),
        cluster=None,
        passages=1,
    )


def planned(corpus: Path, *entries: Entry) -> Plan:
    return plan(corpus, entries, lambda name: "p1")


def ids(entries: tuple[Entry, ...]) -> list[str]:
    return [entry.id for entry in entries]


def test_everything_is_new_without_an_index(corpus: Path) -> None:
    write(corpus, b="B", essays__a="A")
    todo = planned(corpus)
    assert todo.new == ("b.txt", "essays/a.txt")
    assert todo.changes


def test_a_file_with_the_same_stamp_is_unchanged(corpus: Path) -> None:
    write(corpus, a="A")
    todo = planned(corpus, entry(corpus, "a.txt", text="A", stamped=True))
    assert ids(todo.unchanged) == ["a.txt"]
    assert not todo.changes


def test_a_touched_file_with_the_same_content_is_unchanged(corpus: Path) -> None:
    write(corpus, a="A")
    assert ids(planned(corpus, entry(corpus, "a.txt", text="A")).unchanged) == ["a.txt"]


def test_a_file_with_another_content_is_edited(corpus: Path) -> None:
    write(corpus, a="Another text")
    todo = planned(corpus, entry(corpus, "a.txt", text="A"))
    assert ids(todo.edited) == ["a.txt"]
    assert todo.changes


def test_an_edit_that_keeps_size_and_time_of_change_is_seen(corpus: Path) -> None:
    write(corpus, a="A")
    before = entry(corpus, "a.txt", text="A", stamped=True)
    times = (corpus / "a.txt").stat()
    write(corpus, a="B")
    os.utime(corpus / "a.txt", ns=(times.st_atime_ns, times.st_mtime_ns))
    assert ids(planned(corpus, before).edited) == ["a.txt"]


def test_a_file_that_would_be_read_differently_now_is_edited(corpus: Path) -> None:
    write(corpus, a="A")
    todo = planned(corpus, entry(corpus, "a.txt", text="A", stamped=True, pipeline="p0"))
    assert ids(todo.edited) == ["a.txt"]


def test_a_file_that_is_gone_is_deleted(corpus: Path) -> None:
    todo = planned(corpus, entry(corpus, "a.txt", text="A"))
    assert ids(todo.deleted) == ["a.txt"]
    assert todo.changes


def test_a_file_with_the_content_of_one_that_is_gone_is_renamed(corpus: Path) -> None:
    write(corpus, essays__b="A", c="C")
    todo = planned(corpus, entry(corpus, "a.txt", text="A"))
    assert [(before.id, after) for before, after in todo.renamed] == [("a.txt", "essays/b.txt")]
    assert (todo.new, todo.deleted) == (("c.txt",), ())
    assert todo.changes


def test_a_copy_beside_its_original_is_new_and_no_rename(corpus: Path) -> None:
    write(corpus, a="A", b="A")
    todo = planned(corpus, entry(corpus, "a.txt", text="A"))
    assert (todo.new, todo.renamed) == (("b.txt",), ())


def test_one_file_that_is_gone_makes_one_rename_however_many_copies_appear(corpus: Path) -> None:
    write(corpus, b="A", c="A")
    todo = planned(corpus, entry(corpus, "a.txt", text="A"))
    assert [after for _, after in todo.renamed] == ["b.txt"]
    assert todo.new == ("c.txt",)


def test_a_file_renamed_to_a_kind_that_is_read_differently_is_new(corpus: Path) -> None:
    (corpus / "a.md").write_text("A")
    todo = plan(corpus, [entry(corpus, "a.txt", text="A", pipeline="txt")], lambda name: name[-2:])
    assert (todo.new, todo.renamed, ids(todo.deleted)) == (("a.md",), (), ["a.txt"])


def test_a_file_that_failed_is_tried_again_and_counts_as_no_change(corpus: Path) -> None:
    write(corpus, a="A")
    todo = planned(corpus, entry(corpus, "a.txt", text="A", state=FAILED, stamped=True))
    assert ids(todo.retried) == ["a.txt"]
    assert not todo.changes


def test_a_duplicate_is_unchanged_as_long_as_its_original_is_there(corpus: Path) -> None:
    write(corpus, a="A", b="A")
    both = entry(corpus, "a.txt", text="A"), entry(corpus, "b.txt", text="A", state=DUPLICATE)
    assert ids(planned(corpus, *both).unchanged) == ["a.txt", "b.txt"]


def test_a_duplicate_whose_original_is_gone_is_read_again(corpus: Path) -> None:
    write(corpus, b="A")
    both = entry(corpus, "a.txt", text="A"), entry(corpus, "b.txt", text="A", state=DUPLICATE)
    todo = planned(corpus, *both)
    assert (ids(todo.edited), ids(todo.deleted)) == (["b.txt"], ["a.txt"])


def test_a_duplicate_whose_original_was_edited_is_read_again(corpus: Path) -> None:
    write(corpus, a="Another text", b="A")
    both = entry(corpus, "a.txt", text="A"), entry(corpus, "b.txt", text="A", state=DUPLICATE)
    assert ids(planned(corpus, *both).edited) == ["a.txt", "b.txt"]


def test_a_plan_reads_as_one_line(corpus: Path) -> None:
    write(corpus, a="A", b="B", c="Edited", e="E", f="F")
    todo = planned(
        corpus,
        entry(corpus, "b.txt", text="B"),
        entry(corpus, "c.txt", text="C"),
        entry(corpus, "d.txt", text="D"),
        entry(corpus, "x.txt", text="E"),
        entry(corpus, "f.txt", text="F", state=FAILED),
    )
    assert str(todo) == "+1 ~1 -1, 1 renamed, 1 tried again, 1 unchanged"


def test_a_missing_folder_is_an_error_and_not_a_corpus_whose_files_are_gone(corpus: Path) -> None:
    with pytest.raises(UnusableFolder):
        planned(corpus / "nowhere", entry(corpus, "a.txt", text="A"))
