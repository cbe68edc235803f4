"""Which model writes, from parallax.toml and the environment."""

from __future__ import annotations

from pathlib import Path

import pytest

from assistant import AssistantError, settings, wiring

HERE = "http://127.0.0.1:11434/v1"


def chosen(folder: Path, text: str, **environment: str) -> settings.Settings:
    (folder / settings.FILE_NAME).write_text(text)
    return settings.read(folder, environment)


@pytest.mark.parametrize(
    ("text", "environment", "name", "host"),
    [
        ("", {"PARALLAX_MODEL": "gpt-x"}, "gpt-x", "api.openai.com"),
        ("", {"PARALLAX_MODEL": "llama", "OPENAI_BASE_URL": HERE}, "llama", "127.0.0.1:11434"),
        ("", {"OPENAI_BASE_URL": HERE}, "the model that answers there", "127.0.0.1:11434"),
        (f'model = "qwen"\nmodel_base_url = "{HERE}"', {}, "qwen", "127.0.0.1:11434"),
        (f'model_base_url = "{HERE}"', {"OPENAI_BASE_URL": "http://other.example/v1"}, None, "127.0.0.1:11434"),
        ('model = "a"', {"PARALLAX_MODEL": "b"}, "b", "api.openai.com"),
        (f'embedding_model = "e"\nmodel = "a"\nmodel_base_url = "{HERE}"', {}, "a", "127.0.0.1:11434"),
    ],
    ids=["name", "name-and-address", "address", "file", "file-s-address", "environment-wins", "beside-embeddings"],
)
def test_a_model_is_chosen_by_name_or_address(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    text: str,
    environment: dict[str, str],
    name: str | None,
    host: str,
) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "sk-1")
    model = wiring.model(chosen(tmp_path, text, **environment))

    assert model is not None
    assert model.host == host
    assert name in (None, model.shown_name)


@pytest.mark.parametrize(
    ("text", "environment"),
    [
        ("", {}),
        ("", {"OPENAI_API_KEY": "sk-1"}),
        ('embedding_model = "e"', {"OPENAI_BASE_URL": HERE}),
    ],
    ids=["nothing", "key-alone", "address-of-the-embedder"],
)
def test_nothing_is_sent_to_a_model_that_nobody_chose(tmp_path: Path, text: str, environment: dict[str, str]) -> None:
    assert wiring.model(chosen(tmp_path, text, **environment)) is None


def test_a_name_without_address_or_key_goes_to_nobody_and_is_said(tmp_path: Path) -> None:
    with pytest.raises(AssistantError, match=r"neither an address nor a key.*OPENAI_BASE_URL"):
        wiring.model(chosen(tmp_path, "", PARALLAX_MODEL="qwen3"))


@pytest.mark.parametrize("address", ["nonsense", "ftp://x", "http://", "http://x:99999"])
def test_an_address_that_is_none_is_refused_by_the_name_of_its_setting(tmp_path: Path, address: str) -> None:
    with pytest.raises(AssistantError, match=r"^OPENAI_BASE_URL: model_base_url: .*is no address"):
        chosen(tmp_path, "", OPENAI_BASE_URL=address)


def test_an_empty_address_is_none(tmp_path: Path) -> None:
    assert wiring.model(chosen(tmp_path, "", OPENAI_BASE_URL="")) is None


def test_a_misspelt_setting_gets_the_right_name(tmp_path: Path) -> None:
    with pytest.raises(AssistantError, match=r"there is no setting 'modle'\. Did you mean model\?"):
        chosen(tmp_path, "modle = 'x'")


def test_a_variable_that_cannot_be_followed_is_named(tmp_path: Path) -> None:
    with pytest.raises(AssistantError, match=r"^PARALLAX_MODEL_TIMEOUT: model_timeout: "):
        chosen(tmp_path, "", PARALLAX_MODEL_TIMEOUT="abc")


@pytest.mark.parametrize(
    "text",
    ["model_context = 12", "model_context = 'many'", "model_timeout = 0", "modell = 'x'"],
    ids=["too-small", "no-number", "no-time", "misspelt"],
)
def test_a_setting_that_cannot_be_followed_is_one_sentence_that_names_it(tmp_path: Path, text: str) -> None:
    with pytest.raises(AssistantError, match=text.split(" ")[0]):
        chosen(tmp_path, text)


def test_what_is_set_for_a_model_is_what_it_gets(tmp_path: Path) -> None:
    given = f'model = "a"\nmodel_context = 32000\nmodel_base_url = "{HERE}"'
    model = wiring.model(chosen(tmp_path, given, PARALLAX_MODEL_TIMEOUT="5"))

    assert model is not None
    assert (model.context, model.silence) == (32_000, 5.0)
