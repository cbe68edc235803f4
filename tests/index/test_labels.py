"""Labels files in, the card of a document out. Run: python -m pytest tests/index/test_labels.py"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest

from index.errors import BadLabels
from index.labelling.labels import CATALOGUES, LabelFiles, Labels
from index.loading.load import load
from index.types import NO_LABEL, Document, Provenance

HASH = "ab" * 32
PERSPECTIVES = "".join(
    f'[perspectives.{id}]\nlabel = "{id.title()}"\n' for id in "path sha catalogue glob near name default own".split()
)


def document(id: str = "essays/2025/harbour_a.md", **facts: str) -> Document:
    return Document(id=id, text="Text.", sha256=facts.pop("sha256", HASH), **facts)  # type: ignore[arg-type]


def labels(*catalogues: str, suggested: str | None = None, **files: str) -> Labels:
    """Labels files by folder: `root` is the corpus, `essays__2025` is essays/2025."""
    folders: Mapping[str, str] = {
        "" if name == "root" else name.replace("__", "/") + "/": content for name, content in files.items()
    }
    return Labels(
        [(f"{folder}sources.toml", folder, content.encode()) for folder, content in folders.items()],
        [(f"catalogue {at}", content.encode()) for at, content in enumerate(catalogues, 1)],
        None if suggested is None else suggested.encode(),
    )


def perspectives(found: Labels, of: Document) -> list[str]:
    return [label.perspective.id for label in found.resolve(of).labels]


def refusal(*catalogues: str, **files: str) -> str:
    with pytest.raises(BadLabels) as caught:
        labels(*catalogues, **files).resolve(document())
    return str(caught.value)


PATH = '[[source]]\nmatch = "essays/2025/harbour_a.md"\nperspective = "path"\n'
SHA = f'[[source]]\nsha256 = "{HASH}"\nperspective = "sha"\n'
CATALOGUE = f'[perspectives.catalogue]\nlabel = "C"\n[[source]]\nsha256 = "{HASH}"\nperspective = "catalogue"\n'
NEAR_GLOB = '[[source]]\nmatch = "*.md"\nperspective = "near"\n'
FAR_GLOB = '[[source]]\nmatch = "essays/**"\nperspective = "glob"\n'
PATTERN = "[patterns]\nfilename = '^[a-z]+_(?P<perspective>[a-z])'\n[perspectives.a]\nlabel = \"A\"\n"
DEFAULT = '[defaults]\nperspective = "default"\n'
SUGGESTED = f'[[source]]\nsha256 = "{HASH}"\nperspective = "name"\nprovenance = "curated"\nmargin = 0.2\n'


@pytest.mark.parametrize(
    ("ranks", "expected"),
    [
        ("path sha catalogue near far pattern front default", "path"),
        ("sha catalogue near far pattern front default", "sha"),
        ("catalogue near far pattern front default", "catalogue"),
        ("near far pattern front default", "near"),
        ("far pattern front default", "glob"),
        ("pattern front default", "a"),
        ("front suggested default", "own"),
        ("suggested default", "name"),
        ("default", "default"),
        ("", "unlabelled"),
    ],
)
def test_the_first_rank_that_says_something_wins(ranks: str, expected: str) -> None:
    said = set(ranks.split())
    root = PERSPECTIVES
    root += DEFAULT if "default" in said else ""
    root += PATTERN if "pattern" in said else ""
    root += FAR_GLOB if "far" in said else ""
    root += SHA if "sha" in said else ""
    root += PATH if "path" in said else ""
    found = labels(
        *[CATALOGUE] * ("catalogue" in said),
        suggested=SUGGESTED if "suggested" in said else None,
        root=root,
        **{"essays__2025": NEAR_GLOB} if "near" in said else {},
    )
    own = document(declared="own") if "front" in said else document()
    assert perspectives(found, own) == [expected]


def test_an_entry_with_match_and_sha256_counts_at_the_rank_of_each() -> None:
    both = f'[[source]]\nmatch = "elsewhere.md"\nsha256 = "{HASH.upper()}"\nperspective = "sha"\n'
    assert perspectives(labels(root=PERSPECTIVES + both), document()) == ["sha"]
    assert perspectives(labels(root=PERSPECTIVES + both), document("elsewhere.md", sha256="cd" * 32)) == ["sha"]


@pytest.mark.parametrize(
    "twice",
    [
        pytest.param({"root": PERSPECTIVES + PATH + PATH.replace('"path"', '"own"')}, id="exact path"),
        pytest.param(
            {"root": PERSPECTIVES + PATH, "essays__2025": '[[source]]\nmatch = "harbour_a.md"\nperspective = "own"\n'},
            id="exact path, from two files",
        ),
        pytest.param({"root": PERSPECTIVES + SHA + SHA.replace('"sha"', '"own"')}, id="SHA-256"),
        pytest.param(
            {"root": PERSPECTIVES + FAR_GLOB + '[[source]]\nmatch = "**/*.md"\nperspective = "own"\n'}, id="glob"
        ),
    ],
)
def test_two_different_labels_of_one_rank_are_an_error_that_names_both(twice: dict[str, str]) -> None:
    found = labels(**twice)
    first, second = (entry.place for entry in found.entries)
    sentence = refusal(**twice)
    assert "essays/2025/harbour_a.md gets different labels" in sentence
    assert first in sentence
    assert second in sentence


def test_two_catalogues_that_contradict_one_another_are_an_error_that_names_both() -> None:
    sentence = refusal(CATALOGUE, CATALOGUE.replace("catalogue", "other"), root="")
    assert "catalogue 1" in sentence
    assert "catalogue 2" in sentence


def test_the_same_label_twice_is_no_contradiction() -> None:
    assert perspectives(labels(root=PERSPECTIVES + PATH + PATH), document()) == ["path"]


def test_a_contradiction_is_no_matter_where_a_higher_rank_decides() -> None:
    found = labels(root=PERSPECTIVES + PATH + SHA + SHA.replace('"sha"', '"own"'))
    assert perspectives(found, document()) == ["path"]


def test_an_entry_without_a_perspective_leaves_the_label_to_the_next_rank_and_gives_its_title() -> None:
    titled = '[[source]]\nmatch = "essays/2025/harbour_a.md"\ntitle = "The Harbour"\n'
    source = labels(root=PERSPECTIVES + titled + FAR_GLOB).resolve(document())
    assert (source.title, [label.perspective.id for label in source.labels]) == ("The Harbour", ["glob"])


def test_a_source_may_stand_for_several_perspectives() -> None:
    several = '[[source]]\nmatch = "**"\nperspectives = ["own", "near"]\n'
    assert perspectives(labels(root=PERSPECTIVES + several), document()) == ["own", "near"]


def test_unlabelled_may_be_said_of_a_source() -> None:
    said = '[[source]]\nmatch = "**"\nperspective = "unlabelled"\n'
    assert labels(root=said).resolve(document()).labels == (NO_LABEL,)


def test_a_label_tells_who_gave_it_and_when() -> None:
    given = PATH + 'provenance = "inferred"\nby = "Ada Quill"\non = 2026-01-02\n'
    (label,) = labels(root=PERSPECTIVES + given).resolve(document()).labels
    assert (label.provenance, label.by, label.on) == (Provenance.INFERRED, "Ada Quill", "2026-01-02")


def test_what_a_document_says_of_itself_is_self_declared_and_gets_the_label_of_a_known_perspective() -> None:
    (label,) = labels(root=PERSPECTIVES).resolve(document(declared="own")).labels
    assert (label.perspective.label, label.provenance) == ("Own", Provenance.SELF_DECLARED)


def test_a_perspective_that_only_the_document_knows_is_shown_as_it_names_it() -> None:
    (label,) = labels(root="").resolve(document(declared="harbourist")).labels
    assert (label.perspective.id, label.provenance) == ("harbourist", Provenance.SELF_DECLARED)


def test_front_matter_counts_as_curated_where_its_owner_says_so() -> None:
    trusting = "[defaults]\ntrust_front_matter = true\n"
    (label,) = labels(root=trusting).resolve(document(declared="own")).labels
    assert label.provenance == Provenance.CURATED


def test_a_card_says_what_the_labels_say_and_what_the_document_says_where_they_are_silent() -> None:
    own = document(title="Own title", outlet="Own outlet", kind="essay", published="2024")
    said = PATH + 'title = "Given title"\npublished = "2025-03"\n'
    source = labels(root=PERSPECTIVES + said).resolve(own)
    assert (source.title, source.outlet, source.kind, source.published) == (
        "Given title",
        "Own outlet",
        "essay",
        "2025-03",
    )


def test_a_document_without_any_title_is_shown_by_its_file_name() -> None:
    assert labels().resolve(document()).title == "harbour_a.md"


def test_the_file_name_may_give_outlet_and_date() -> None:
    pattern = "[patterns]\nfilename = '^(?P<outlet>[a-z]+)_(?P<published>\\d{4})'\n"
    source = labels(root=pattern).resolve(document("in/gazette_2025.txt"))
    assert (source.outlet, source.published, source.labels) == ("gazette", "2025", (NO_LABEL,))


@pytest.mark.parametrize(
    ("pattern", "path", "covered"),
    [
        ("*.md", "a.md", True),
        ("*.md", "in/a.md", False),
        ("**/*.md", "a.md", True),
        ("**/*.md", "in/deep/a.md", True),
        ("in/*", "in/a.md", True),
        ("in/*", "in/deep/a.md", False),
        ("in/**", "in/deep/a.md", True),
        ("in/**/a.md", "in/a.md", True),
        ("in/**/a.md", "inner/a.md", False),
        ("**", "in/deep/a.md", True),
        ("a?.md", "ab.md", True),
        ("a?.md", "a/.md", False),
        ("[ab].md", "a.md", True),
        ("[!ab].md", "a.md", False),
        ("[!ab].md", "c.md", True),
        ("a+(1).md", "a+(1).md", True),
        ("a.md", "abmd", False),
        ("./in/a.md", "in/a.md", True),
        ("A.md", "a.md", False),
        ("line*.md", "line\nbreak.md", True),
    ],
)
def test_globs(pattern: str, path: str, covered: bool) -> None:
    entry = f"[perspectives.own]\n[[source]]\nmatch = '{pattern}'\nperspective = \"own\"\n"
    assert perspectives(labels(root=entry), document(path)) == (["own"] if covered else ["unlabelled"])


def test_a_labels_file_speaks_for_its_own_folder_only() -> None:
    found = labels(essays=PERSPECTIVES + '[[source]]\nmatch = "**"\nperspective = "own"\n')
    assert perspectives(found, document("essays/in/a.md")) == ["own"]
    assert perspectives(found, document("letters/a.md")) == ["unlabelled"]
    assert perspectives(found, document("essays2/a.md")) == ["unlabelled"]


def test_perspectives_of_the_folder_above_hold_below_and_may_be_defined_anew_there() -> None:
    below = '[perspectives.own]\nlabel = "As they say here"\n[[source]]\nmatch = "*"\nperspective = "own"\n'
    found = labels(root=PERSPECTIVES, essays=below, letters=below.partition("\n[[")[2].join(["[[", ""]))
    assert found.resolve(document("essays/a.md")).labels[0].perspective.label == "As they say here"
    assert found.resolve(document("letters/a.md")).labels[0].perspective.label == "Own"


@pytest.mark.parametrize(
    ("content", "said"),
    [
        pytest.param(
            '[[source]]\nmatch = "*"\nperspective = "owm"',
            "names the perspective 'owm', which is not defined",
            id="unknown perspective",
        ),
        pytest.param(
            '[defaults]\nperspective = "owm"', "'owm', which is not defined", id="unknown perspective as default"
        ),
        pytest.param("[[source]\n", "not valid TOML", id="bad TOML"),
        pytest.param("version = 2", "version 2", id="a version to come"),
        pytest.param(
            '[[source]]\nmatch = "*"\nperspectve = "own"',
            "'perspectve', which means nothing here",
            id="misspelt key of a source",
        ),
        pytest.param('[[sources]]\nmatch = "*"', "'sources', which means nothing here", id="misspelt table"),
        pytest.param(
            '[defaults]\ndefault = "own"', "'default', which means nothing here", id="misspelt key of the defaults"
        ),
        pytest.param('[patterns]\nname = "x"', "'name', which means nothing here", id="misspelt pattern"),
        pytest.param("[patterns]\nfilename = '('", "not valid", id="a pattern that is none"),
        pytest.param('[[source]]\ntitle = "T"', "names no document", id="an entry for nothing"),
        pytest.param('[[source]]\nmatch = "*"\nprovenance = "sure"', "the provenance 'sure'", id="unknown provenance"),
        pytest.param('[[source]]\nmatch = "*"\nperspective = 3', "is not text", id="a perspective that is no text"),
        pytest.param('[[source]]\nmatch = "*"\ntitle = ["a"]', "title is not a short text", id="a list as title"),
        pytest.param('source = "a.md"', "not a list of tables", id="source is no table"),
        pytest.param('perspectives = "own"', "perspectives is not a table", id="perspectives is no table"),
        pytest.param(
            '[perspectives]\nown = "Own"', "[perspectives.own] is not a table", id="a perspective is no table"
        ),
    ],
)
def test_a_labels_file_that_cannot_be_followed_is_an_error_that_names_the_file_and_the_place(
    content: str, said: str
) -> None:
    sentence = refusal(essays=content)
    assert sentence.startswith("essays/sources.toml: ")
    assert said in sentence


def test_a_labels_file_that_is_not_utf8_is_an_error() -> None:
    with pytest.raises(BadLabels, match="not valid TOML"):
        Labels([("sources.toml", "", b'[perspectives.a]\nlabel = "\xff"')])


def test_a_labels_file_may_begin_with_a_byte_order_mark() -> None:
    assert Labels([("sources.toml", "", b"\xef\xbb\xbf" + PERSPECTIVES.encode())]).perspectives


def test_the_fingerprint_changes_with_any_content() -> None:
    assert labels(root=PERSPECTIVES).fingerprint == labels(root=PERSPECTIVES).fingerprint
    assert labels(root=PERSPECTIVES).fingerprint != labels(root=PERSPECTIVES + "\n").fingerprint
    assert labels(root=PERSPECTIVES).fingerprint != labels(essays=PERSPECTIVES).fingerprint
    assert labels(root=PERSPECTIVES).fingerprint != labels(CATALOGUE, root=PERSPECTIVES).fingerprint


@pytest.mark.parametrize(
    ("content", "documents", "expected"),
    [
        pytest.param('[[source]]\nmatch = "gone.md"\nperspective = "own"\n', "", ["no document"], id="stale path"),
        pytest.param(f'[[source]]\nsha256 = "{"00" * 32}"\n', "", ["no document"], id="stale hash"),
        pytest.param(
            f'[[source]]\nmatch = "a.md"\nsha256 = "{"00" * 32}"\nperspective = "own"\n',
            "a.md",
            ["changed"],
            id="edited since",
        ),
        pytest.param("", "a.md", ["no label"], id="no label"),
        pytest.param(
            '[[source]]\nmatch = "*"\nperspective = "own"\n[[source]]\nmatch = "a*"\nperspective = "near"\n',
            "a.md",
            ["contradiction"],
            id="contradiction",
        ),
        pytest.param('[[source]]\nmatch = "*"\nperspective = "own"\n', "a.md", [], id="all in order"),
    ],
)
def test_what_check_reports(content: str, documents: str, expected: list[str]) -> None:
    found = labels(root=PERSPECTIVES + content).check([document(id) for id in documents.split()])
    assert [finding["kind"] for finding in found] == expected


SEEDS = {
    "0771832e341654c9f8d8bb4e82361077b6eebcbd8cb3ff5c9df989e23a2d8f4c": "atlanticist",
    "82ddfa971f747f460a9f1c1c041a3463599331e496a2423560edb66c6875677e": "us-dissident",
    "3c358bb9e2abbdc97669d3d4c3e9893aae3acb5e722bdf887bc6f35582e5719e": "western-analysis",
    "0cf92aed12351f67238123226769a5f101d43af4c3935350bd1dfacae58ec2ec": "us-liberal",
    "1c7a930b081e46d8c8a8c3ee090a963d24bc11a81a27a553c0340bad4073155a": "realist",
}


@pytest.mark.parametrize(("sha256", "perspective"), SEEDS.items(), ids=SEEDS.values())
def test_the_catalogue_knows_the_five_seed_documents_wherever_they_lie(
    tmp_path: Path, sha256: str, perspective: str
) -> None:
    source = LabelFiles(tmp_path, ["in/any.txt"]).read().resolve(document("in/any.txt", sha256=sha256))
    assert [label.perspective.id for label in source.labels] == [perspective]
    assert source.labels[0].provenance == Provenance.CURATED
    assert source.title != "any.txt"


def test_the_catalogue_fits_the_seed_documents_themselves(shared: Path, tmp_path: Path) -> None:
    found = LabelFiles(tmp_path, ()).read()
    seeds = [load(path, path.name) for path in sorted(shared.glob("seeds/*.txt"))]
    assert sorted(found.resolve(seed).labels[0].perspective.id for seed in seeds) == sorted(SEEDS.values())


def test_labels_files_lie_in_the_folders_of_the_documents_and_above_them(tmp_path: Path) -> None:
    for folder in ("", "essays", "essays/2025"):
        (tmp_path / folder).mkdir(exist_ok=True)
        name = folder.replace("/", "-") or "root"
        (tmp_path / folder / "sources.toml").write_text(f'[perspectives.{name}]\nlabel = "{name}"\n')
    found = LabelFiles(tmp_path, ["essays/2025/a.md"], CATALOGUES).read()
    assert set(found.perspectives) == {"root", "essays", "essays-2025"}


def test_label_files_are_read_again_when_one_changes_appears_or_goes(tmp_path: Path) -> None:
    files = LabelFiles(tmp_path, ["a.md"])
    before = files.read()
    assert files.read() is before
    (tmp_path / "sources.toml").write_text(PERSPECTIVES + DEFAULT)
    assert perspectives(files.read(), document("a.md")) == ["default"]
    (tmp_path / "sources.toml").write_text(PERSPECTIVES + DEFAULT.replace("default", "own").replace("[own", "[default"))
    after = files.read()
    assert [label.perspective.id for label in after.resolve(document("a.md")).labels] == ["own"]
    (tmp_path / "sources.toml").unlink()
    assert files.read().fingerprint == before.fingerprint


def test_a_labels_file_that_becomes_wrong_is_reported_until_it_is_mended(tmp_path: Path) -> None:
    files = LabelFiles(tmp_path, ["a.md"])
    (tmp_path / "sources.toml").write_text("[[source]")
    for _ in range(2):
        with pytest.raises(BadLabels, match="not valid TOML"):
            files.read()
    (tmp_path / "sources.toml").write_text(PERSPECTIVES)
    assert "own" in files.read().perspectives


def test_a_labels_file_that_cannot_be_read_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "sources.toml").mkdir()
    with pytest.raises(BadLabels, match="cannot be read"):
        LabelFiles(tmp_path, ["a.md"]).read()


# ── Suggestions ──────────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_suggestion_is_inferred_whatever_its_file_says() -> None:
    said = SUGGESTED + 'by = "parallax labels suggest"\non = "2026-01-02"\nquotes = ["Words."]\nrunner_up = "own"\n'
    (label,) = labels(root=PERSPECTIVES, suggested=said).resolve(document()).labels
    assert (label.perspective.id, label.provenance) == ("name", Provenance.INFERRED)
    assert (label.by, label.on, label.quotes) == ("parallax labels suggest", "2026-01-02", ("Words.",))


def test_a_suggestion_holds_for_the_text_it_was_made_for_alone() -> None:
    placed = SUGGESTED + 'match = "essays/2025/harbour_a.md"\n'
    found = labels(root=PERSPECTIVES, suggested=placed)
    assert perspectives(found, document()) == ["name"]
    assert perspectives(found, document(sha256="cd" * 32)) == ["unlabelled"]
    assert perspectives(found, document("copy.md")) == ["name"]


def test_copies_with_different_suggestions_each_get_their_own() -> None:
    both = SUGGESTED + 'match = "a.md"\n' + SUGGESTED.replace('"name"', '"own"') + 'match = "b.md"\n'
    found = labels(root=PERSPECTIVES, suggested=both)
    assert [perspectives(found, document(id)) for id in ("a.md", "b.md")] == [["name"], ["own"]]


def test_a_suggestion_of_a_perspective_that_was_taken_back_gives_no_label_and_is_named() -> None:
    found = labels(root="", suggested=SUGGESTED)
    assert perspectives(found, document()) == ["unlabelled"]
    assert [line["kind"] for line in found.check([document()])] == ["suggestion", "no label"]


def test_a_suggestion_for_a_text_that_is_gone_is_named() -> None:
    (line, _) = labels(root=PERSPECTIVES, suggested=SUGGESTED).check([document(sha256="cd" * 32)])
    assert line["kind"] == "suggestion"
    assert "fits no text of the index any more" in line["text"]


def test_a_suggestion_changes_the_fingerprint() -> None:
    assert labels(root="", suggested="").fingerprint != labels(root="").fingerprint


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("[[source]\n", "parallax labels suggest"),
        ("version = 2", "version 2"),
        ('[perspectives.own]\nlabel = "Own"', "'perspectives', which means nothing here"),
        ('[[source]]\nmatch = "*"\nperspective = "own"', "names no text"),
        (f'[[source]]\nsha256 = "{HASH}"\nperspective = 3', "is not text"),
        (f'[[source]]\nsha256 = "{HASH}"\nquotes = "words"', "not a list of short texts"),
        (f'[[source]]\nsha256 = "{HASH}"\ntitle = "T"', "'title', which means nothing here"),
    ],
)
def test_suggestions_that_cannot_be_followed_are_an_error_that_names_their_file(content: str, said: str) -> None:
    with pytest.raises(BadLabels) as caught:
        labels(root=PERSPECTIVES, suggested=content)
    assert str(caught.value).startswith("sources.suggested.toml: ")
    assert said in str(caught.value)


def test_suggestions_are_read_when_they_are_written_and_gone_when_they_are_removed(tmp_path: Path) -> None:
    (tmp_path / "sources.toml").write_text(PERSPECTIVES)
    files = LabelFiles(tmp_path, ["essays/2025/harbour_a.md"])
    assert perspectives(files.read(), document()) == ["unlabelled"]
    (tmp_path / "sources.suggested.toml").write_text(SUGGESTED)
    assert perspectives(files.read(), document()) == ["name"]
    (tmp_path / "sources.suggested.toml").unlink()
    assert perspectives(files.read(), document()) == ["unlabelled"]


# ── Names and claims ─────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_perspective_of_a_catalogue_bears_the_name_that_the_owner_gives_it() -> None:
    named = '[perspectives.catalogue]\nlabel = "As I call it"\n'
    (label,) = labels(CATALOGUE, root=named).resolve(document()).labels
    assert label.perspective.label == "As I call it"


@pytest.mark.parametrize(
    ("root", "sides"),
    [
        (PERSPECTIVES, ["unlabelled"]),
        ("", ["unlabelled"]),
        (PERSPECTIVES + "[defaults]\ntrust_front_matter = true\n", ["own"]),
    ],
)
def test_what_a_document_claims_of_itself_is_shown_and_counts_for_no_side(root: str, sides: list[str]) -> None:
    source = labels(root=root).resolve(document(declared="own"))
    assert [label.perspective.id for label in source.labels] == ["own"]
    assert [side.id for side in source.sides] == sides


def test_a_name_with_the_signs_of_a_glob_can_be_named_exactly() -> None:
    entry = '[[source]]\nmatch = "a[1].md"\nperspective = "own"\n'
    found = labels(root=PERSPECTIVES + entry + '[[source]]\nmatch = "*.md"\nperspective = "near"\n')
    assert perspectives(found, document("a[1].md")) == ["own"]
