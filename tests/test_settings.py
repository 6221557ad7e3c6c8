"""Settings: read, typed, and refused in words."""

from __future__ import annotations

from dataclasses import fields
from pathlib import Path

import pytest

from earful.settings import Settings, SettingsError

KEY = "k" * 32


def test_a_bare_environment_is_enough() -> None:
    settings = Settings.from_env({})
    assert settings.embedded
    assert settings.base_url == "http://127.0.0.1:8420"
    assert settings.data_dir.is_absolute()


def test_every_setting_has_a_variable_and_words() -> None:
    for field in fields(Settings):
        assert field.metadata["env"].startswith("EARFUL_")
        assert len(field.metadata["help"]) > 20


def test_values_are_typed() -> None:
    settings = Settings.from_env(
        {
            "EARFUL_DATA_DIR": "/srv/earful",
            "EARFUL_PORT": " 9000 ",
            "EARFUL_BEHIND_PROXY": "Yes",
            "EARFUL_PUBLIC_URL": "https://care.example.org/",
            "EARFUL_PG_BIN": "/usr/lib/postgresql/18/bin",
        }
    )
    assert settings.data_dir == Path("/srv/earful")
    assert settings.media_dir == Path("/srv/earful/media")
    assert (settings.port, settings.behind_proxy) == (9000, True)
    assert settings.base_url == "https://care.example.org"
    assert settings.pg_bin == Path("/usr/lib/postgresql/18/bin")


@pytest.mark.parametrize(
    ("environ", "words"),
    [
        ({"EARFUL_PORT": "http"}, "EARFUL_PORT must be a whole number"),
        ({"EARFUL_PORT": "70000"}, "between 1 and 65535"),
        ({"EARFUL_BEHIND_PROXY": "maybe"}, "must be yes or no"),
        ({"EARFUL_DATABASE_URL": "mysql://x/y"}, "must start with postgresql://"),
        ({"EARFUL_DATABASE_URL": "postgresql://x/y"}, "EARFUL_SECRET_KEY is needed"),
        ({"EARFUL_SECRET_KEY": "short"}, "at least 32 characters"),
        ({"EARFUL_DATABASE_OWNER_URL": "postgresql://x/y"}, "only mean something with"),
        ({"EARFUL_PUBLIC_URL": "care.example.org"}, "must look like"),
        ({"EARFUL_PUBLIC_URL": "https://example.org/care"}, "nothing after the host"),
        ({"EARFUL_BACKUP_DIR": "/srv/backups"}, "belong together"),
        ({"EARFUL_BACKUP_EVERY_HOURS": "0"}, "between 1 and 720"),
        ({"EARFUL_LOG_LEVEL": "loud"}, "must be one of"),
    ],
)
def test_a_setting_that_cannot_be_used_is_refused_in_words(
    environ: dict[str, str], words: str
) -> None:
    with pytest.raises(SettingsError, match=words):
        Settings.from_env(environ)


def test_an_own_database_with_a_key_is_accepted() -> None:
    settings = Settings.from_env(
        {"EARFUL_DATABASE_URL": "postgresql://app@db/earful", "EARFUL_SECRET_KEY": KEY}
    )
    assert not settings.embedded


def test_secrets_do_not_stand_in_tracebacks() -> None:
    settings = Settings.from_env({"EARFUL_SECRET_KEY": "a secret that nobody may read in a log"})
    assert "nobody may read" not in repr(settings)
