"""Settings in, a ready assistant out: the one place where the parts are put together."""

from __future__ import annotations

import os
import re
import secrets
from collections.abc import Callable, Sequence
from hashlib import sha256
from pathlib import Path

import platformdirs

from assistant import settings
from assistant.assistant import Assistant
from assistant.corpora import Corpora, Opened, Unopened, names, slugs
from assistant.errors import BadSettings
from assistant.settings import Settings
from assistant.writing.llm import Model
from assistant.writing.writer import Writer
from index.embed import Embedder, LocalEmbedder, RemoteEmbedder
from index.engines.engines import Engine
from index.engines.pool import Local
from index.errors import CorpusError, IndexMissing
from index.generation import STORE_NAME, Store
from index.reader import Reader
from index.server import ChromaServer
from index.sharing.remote import shown


def assistant(store: Path | None = None, chosen: Settings | None = None) -> Assistant:
    """An assistant over the index in this folder, or over the one that was indexed last."""
    chosen = chosen or read_settings()
    return _over(find_store(store, chosen), embedder(chosen), writer(chosen), chosen)


def corpora(stores: Sequence[Path], chosen: Settings | None = None) -> Corpora:
    """An assistant over the index in each of these folders, side by side; they share one embedder and one model.

    Raises:
        CorpusError: none of them can be opened; the sentence is that of the first.
    """
    chosen = chosen or read_settings()
    embeds, writes = embedder(chosen), writer(chosen)
    made: dict[Path, Assistant | CorpusError] = {}  # by the corpus; by the store where two hold the same one
    for store in dict.fromkeys(find_store(given, chosen).resolve() for given in stores):
        try:
            opened = _over(store, embeds, writes, chosen)
            folder = opened.corpus.folder
            made[store if folder in made else folder] = opened
        except CorpusError as error:
            made[store.parent if store.name == STORE_NAME else store] = error
    problems = [error for error in made.values() if isinstance(error, CorpusError)]
    if len(problems) == len(made):
        raise problems[0]
    folders = list(made)
    named = list(zip(names(folders), slugs(folders), made.values(), strict=True))
    return Corpora(
        tuple(Opened(name, slug, one) for name, slug, one in named if isinstance(one, Assistant)),
        tuple(Unopened(name, str(one)) for name, _, one in named if isinstance(one, CorpusError)),
    )


def _over(store: Path, embeds: Embedder, writes: Writer | None, chosen: Settings) -> Assistant:
    return Assistant(
        Reader(store_at(store, chosen), embeds),
        writes,
        citations=chosen.citations,
        citations_comparing=chosen.citations_comparing,
    )


def store_at(folder: Path, chosen: Settings) -> Store:
    """The index in a folder, whose vectors a Chroma server has if the settings name one."""
    if chosen.chroma is None:
        return Store(folder)
    key = os.environ.get("CHROMA_API_KEY")
    headers = {**({"x-chroma-token": key} if key else {}), **chosen.chroma_headers}
    return Store(
        folder, ChromaServer(chosen.chroma, chosen.chroma_tenant, chosen.chroma_database, tuple(headers.items()))
    )


def read_settings() -> Settings:
    """The settings that hold in the folder where the program was started."""
    return settings.read(Path.cwd(), os.environ)


def engine(name: str = "local", address: str | None = None) -> Engine:
    """Who prepares documents: this machine, or the Ray at an address, or one of our own.

    Raises:
        EngineUnavailable: Ray is not installed.
    """
    if name == "ray":
        from index.engines.on_ray import OnRay

        return OnRay(address)
    return Local()


def embedder(chosen: Settings) -> Embedder:
    """The local model, or the endpoint that the settings name."""
    if chosen.embedding_model:
        return RemoteEmbedder(chosen.embedding_model, chosen.embedding_base_url)
    return LocalEmbedder()


def writer(chosen: Settings) -> Writer | None:
    """What has answers written; None where no model is set. Errors as in `model`."""
    written_by = model(chosen)
    return Writer(written_by) if written_by else None


def model(chosen: Settings) -> Model | None:
    """The model that writes answers; None where none is set.

    An address is enough, the model is then the first that its endpoint lists; unless it may be that of the embedding
    model. A key alone is not enough: many people have one in their environment, and did not ask for anything to be
    sent. A name alone is not either: many run their own, and OpenAI is not to be guessed.

    Raises:
        BadSettings: a model is named, and neither an address nor a key.
    """
    if not chosen.model and (not chosen.model_base_url or chosen.embedding_model):
        return None
    key = os.environ.get("OPENAI_API_KEY") or None
    if not chosen.model_base_url and key is None:
        problem = f"the model {chosen.model} is set, and neither an address nor a key"
        raise BadSettings(settings.FILE_NAME, problem, "Set OPENAI_BASE_URL, or OPENAI_API_KEY for OpenAI itself")
    return Model(
        chosen.model,
        chosen.model_base_url,
        key=key,
        context=chosen.model_context,
        silence=chosen.model_timeout,
    )


def find_store(given: Path | None, chosen: Settings) -> Path:
    """The store that was asked for, else the one that was indexed last.

    A corpus folder may be given for the store in it.

    Raises:
        IndexMissing: nothing was given and nothing has been indexed.
    """
    if folder := given or chosen.store:
        inside = folder / STORE_NAME
        return inside if inside.is_dir() and not (folder / "CURRENT").exists() else folder
    try:
        return Path(_last().read_text("utf-8", "surrogateescape").strip())
    except OSError:
        raise IndexMissing("this user's folder") from None


def store_for(corpus: Path, given: Path | None, chosen: Settings) -> Path:
    """Where the index of a corpus goes: as asked, in the corpus, or in the user's folder where that is read-only."""
    if folder := given or chosen.store:
        return folder
    return store_in(corpus)


def store_in(corpus: Path) -> Path:
    """Where the index of a corpus goes if nobody asks for another place."""
    inside = corpus / STORE_NAME
    if inside.is_dir() or not corpus.is_dir() or os.access(corpus, os.W_OK):
        return inside
    name = "-".join(part for part in corpus.resolve().parts if part != corpus.anchor) or "root"
    return Path(platformdirs.user_data_dir("parallax")) / name[-100:]


def replica_of(url: str) -> Path:
    """Where the replica of a place goes if nobody asks for another folder."""
    place = shown(url)
    word = re.sub(r"[^A-Za-z0-9]+", "-", place).strip("-")[-60:]
    return _home() / "replicas" / f"{word}-{sha256(place.encode('utf-8', 'surrogateescape')).hexdigest()[:8]}"


def remember(store: Path, tell: Callable[[str], object]) -> None:
    """Make this the store that is opened when none is given, all at once.

    Args:
        tell: is told in a sentence where that cannot be written; what was done to the store is done all the same.
    """
    file = _last()
    new = file.with_name(f"{file.name}.{secrets.token_hex(4)}")
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        try:
            new.write_text(f"{store.resolve()}\n", "utf-8", "surrogateescape")
            os.replace(new, file)
        finally:
            new.unlink(missing_ok=True)
    except OSError as error:
        tell(f"{file} could not be written ({error.strerror}): give --store {store} with further commands.")


def _last() -> Path:
    return _home() / "last"


def _home() -> Path:
    return Path(os.environ.get("PARALLAX_HOME") or platformdirs.user_data_dir("parallax"))
