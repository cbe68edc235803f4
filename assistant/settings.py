"""`parallax.toml` and the environment in, checked settings out. Read at the edge and nowhere else.

The environment wins over the file, save for OPENAI_BASE_URL: the file's address is meant for Parallax alone.

The file lies in the folder where the program is started, and may be left out. Secrets are not settings: the library
that talks to an endpoint reads its own key from the environment.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from difflib import get_close_matches
from pathlib import Path
from typing import Annotated
from urllib.parse import urlsplit

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError

from assistant.errors import BadSettings
from index.server import DATABASE, TENANT

FILE_NAME = "parallax.toml"


def _address(value: str | None, form: str = "http://host:port/v1") -> str | None:
    """An address that can be asked."""
    if value is None:
        return None
    try:
        parts = urlsplit(value)
        good = parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
    except ValueError:
        good = False
    if not good:
        raise ValueError(f"{value!r} is no address: write it as {form}")
    return value


def _bare_address(value: str | None) -> str | None:
    """An address of a machine alone; of anything more Chroma's client would say nothing and drop it."""
    parts = urlsplit(_address(value, "http://host:port") or "")
    if parts.path.strip("/") or parts.query or parts.fragment or parts.username or parts.password:
        raise ValueError("write it as http://host:port, without a path, a name or a password")
    return value


_Address = Annotated[str | None, AfterValidator(_address)]
_BareAddress = Annotated[str | None, AfterValidator(_bare_address)]


class Settings(BaseModel):
    """Everything that can be set."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    store: Path | None = None  # where the index lies; without it, .parallax in the corpus
    chroma: _BareAddress = None  # a Chroma server that has the vectors; without it, they lie in the index
    chroma_tenant: str = TENANT
    chroma_database: str = DATABASE
    chroma_headers: dict[str, str] = {}  # for a proxy before it; a key for Chroma Cloud is read from CHROMA_API_KEY
    embedding_model: str | None = None  # a model behind an OpenAI-compatible endpoint; without it, the local one
    embedding_base_url: _Address = None
    model: str | None = None  # that writes the answers; without it, answers are digests
    model_base_url: _Address = None  # of its endpoint; without it, OPENAI_BASE_URL, or OpenAI
    model_context: int | None = Field(default=None, ge=1_024)  # tokens it can read; without it, its endpoint is asked
    model_timeout: float = Field(default=120.0, gt=0)  # seconds without a sign of life
    history: bool = True  # whether the page keeps conversations beside the index
    citations: int = Field(default=8, ge=1, le=40)
    citations_comparing: int = Field(default=12, ge=1, le=40)  # where a question asks what the sources say


def read(folder: Path, environment: Mapping[str, str]) -> Settings:
    """Read the settings that hold for this folder; the environment wins over the file.

    Raises:
        BadSettings: the file is not valid, or names something that does not exist.
    """
    file = folder / FILE_NAME
    try:
        data = tomllib.loads(file.read_text("utf-8")) if file.exists() else {}
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise BadSettings(file, f"it cannot be read ({error})", "Mend or remove it") from error
    origins = dict.fromkeys(data, str(file))
    for name in ("store", "chroma", "embedding_model", "model", "model_context", "model_timeout"):
        variable = f"PARALLAX_{name.upper()}"
        if value := environment.get(variable):
            data[name], origins[name] = value, variable
    if (base_url := environment.get("OPENAI_BASE_URL")) and "model_base_url" not in data:
        data["model_base_url"], origins["model_base_url"] = base_url, "OPENAI_BASE_URL"
    try:
        return Settings(**data)
    except ValidationError as error:
        first = error.errors()[0]
        name = str(first["loc"][0])
        if first["type"] == "extra_forbidden":
            near = get_close_matches(name, Settings.model_fields, 1)
            remedy = f"Did you mean {near[0]}?" if near else f"There are: {', '.join(Settings.model_fields)}"
            raise BadSettings(file, f"there is no setting {name!r}", remedy) from error
        problem = first["msg"].removeprefix("Value error, ")
        raise BadSettings(origins.get(name, file), f"{name}: {problem}", "Mend or remove it") from error
