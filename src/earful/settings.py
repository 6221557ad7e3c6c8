"""Every setting Earful has: one frozen record, read from environment variables.

Nothing else reads the environment. A setting that can't be used raises `SettingsError`, whose
text names the variable and says what to write instead.
"""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any, Self
from urllib.parse import urlsplit

from earful.kit.ranges import networks_of

LOG_LEVELS = ("debug", "info", "warning", "error")
_PATHS = (
    "EARFUL_PG_BIN",
    "EARFUL_BACKUP_DIR",
    "EARFUL_BACKUP_PASSPHRASE_FILE",
    "EARFUL_BACKUP_BUCKET_SECRET_FILE",
    "EARFUL_MEDIA_BUCKET_SECRET_FILE",
)
_YES = frozenset({"1", "true", "yes", "on"})
_PORTAL_HOST = re.compile(r"[A-Za-z0-9.-]+(:[0-9]{1,5})?=[a-z0-9-]{1,63}")
_NO = frozenset({"", "0", "false", "no", "off"})


class SettingsError(ValueError):
    """A setting can't be used as it stands. The text is meant for the operator."""


def _setting(variable: str, help_: str, *, default: Any, secret: bool = False) -> Any:
    """A dataclass field that knows its variable and its words, for the reference docs."""
    metadata = {"env": variable, "help": help_, "secret": secret}
    return field(default=default, repr=not secret, metadata=metadata)


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """What the operator decides. Lengths of time end in `_for` and are seconds; sizes are bytes."""

    data_dir: Path = _setting(  # noqa: RUF009 - a path is immutable
        "EARFUL_DATA_DIR",
        "Folder for everything Earful keeps: embedded database, media, secret key, backups record. "
        "Default: `~/.earful`; for root `/var/lib/earful`, because root's home is closed to the "
        "unprivileged user that runs the database.",
        default=Path(".earful"),
    )
    database_url: str | None = _setting(
        "EARFUL_DATABASE_URL",
        "Your own PostgreSQL (17 or newer), as the role that owns no tables: "
        "`postgresql://earful_app:...@host/earful`. Empty: Earful runs its own.",
        default=None,
        secret=True,
    )
    database_owner_url: str | None = _setting(
        "EARFUL_DATABASE_OWNER_URL",
        "The same database as the role that owns the tables; needed to migrate, back up and "
        "restore when EARFUL_DATABASE_URL is set, and for nothing else.",
        default=None,
        secret=True,
    )
    database_listen_url: str | None = _setting(
        "EARFUL_DATABASE_LISTEN_URL",
        "A direct connection for LISTEN, where a connection pooler such as PgBouncer stands "
        "between. Empty: EARFUL_DATABASE_URL is direct.",
        default=None,
        secret=True,
    )
    database_pool: int = _setting(
        "EARFUL_DATABASE_POOL",
        "Most database connections a web process opens (1 to 200); a worker opens a third of them.",
        default=10,
    )
    secret_key: str | None = _setting(
        "EARFUL_SECRET_KEY",
        "At least 32 characters that encrypt channel credentials and sign sessions. Needed with "
        "your own database; with the embedded one Earful makes a key in the data folder. Losing "
        "it loses the stored credentials. While keys are rotated: the new one, a comma, the old.",
        default=None,
        secret=True,
    )
    public_url: str | None = _setting(
        "EARFUL_PUBLIC_URL",
        "The address people type, such as `https://care.example.org`. Empty: the address Earful "
        "listens on.",
        default=None,
    )
    host: str = _setting(
        "EARFUL_HOST",
        "The address to listen on. Only this machine can reach `127.0.0.1`.",
        default="127.0.0.1",
    )
    port: int = _setting("EARFUL_PORT", "The port to listen on (1 to 65535).", default=8420)
    behind_proxy: bool = _setting(
        "EARFUL_BEHIND_PROXY",
        "`yes` when a reverse proxy of yours sets X-Forwarded-For and X-Forwarded-Proto. Otherwise "
        "those headers are ignored, as anyone could send them.",
        default=False,
    )
    pg_bin: Path | None = _setting(  # noqa: RUF009 - as above
        "EARFUL_PG_BIN",
        "Folder with `postgres`, `initdb` and `pg_dump` to use instead of the ones that came with "
        "Earful, such as `/usr/lib/postgresql/18/bin`.",
        default=None,
    )
    pg_run_as: str | None = _setting(
        "EARFUL_PG_RUN_AS",
        "User that runs the embedded database when Earful itself is started by root. Empty: the "
        "owner of an existing database, else `postgres`, else `nobody`.",
        default=None,
    )
    backup_dir: Path | None = _setting(  # noqa: RUF009 - as above
        "EARFUL_BACKUP_DIR",
        "Folder for scheduled backups, best on another disk. Empty: none are made.",
        default=None,
    )
    backup_passphrase_file: Path | None = _setting(  # noqa: RUF009 - as above
        "EARFUL_BACKUP_PASSPHRASE_FILE",
        "File whose first line encrypts scheduled backups (12 characters or more). Keep a copy "
        "where the backups are not.",
        default=None,
    )
    backup_every_hours: int = _setting(
        "EARFUL_BACKUP_EVERY_HOURS", "Hours between scheduled backups (1 to 720).", default=24
    )
    backup_keep: int = _setting(
        "EARFUL_BACKUP_KEEP", "How many scheduled backups are kept (1 or more).", default=14
    )
    backup_bucket: str | None = _setting(
        "EARFUL_BACKUP_BUCKET",
        "Where copies of the backups in EARFUL_BACKUP_DIR go, off this machine: a bucket of an "
        "S3-compatible store, and a folder in it if you like, such as "
        "`https://s3.example.org/my-bucket/earful`.",
        default=None,
    )
    backup_bucket_region: str = _setting(
        "EARFUL_BACKUP_BUCKET_REGION", "The region that the bucket is in.", default="us-east-1"
    )
    backup_bucket_key_id: str | None = _setting(
        "EARFUL_BACKUP_BUCKET_KEY_ID", "Id of the access key to the bucket.", default=None
    )
    backup_bucket_secret: str | None = _setting(
        "EARFUL_BACKUP_BUCKET_SECRET",
        "The access key's secret. It needs to list, read, write and delete in that folder only.",
        default=None,
        secret=True,
    )
    backup_bucket_secret_file: Path | None = _setting(  # noqa: RUF009 - as above
        "EARFUL_BACKUP_BUCKET_SECRET_FILE",
        "Or a file whose first line is the secret.",
        default=None,
    )
    media_image_bytes: int = _setting(
        "EARFUL_MEDIA_IMAGE_BYTES", "Largest picture accepted, in bytes.", default=15_000_000
    )
    media_file_bytes: int = _setting(
        "EARFUL_MEDIA_FILE_BYTES",
        "Largest other file of a mail that is kept, in bytes; up to 60,000,000.",
        default=25_000_000,
    )
    media_bucket: str | None = _setting(
        "EARFUL_MEDIA_BUCKET",
        "Where media are kept instead of the data folder: a bucket of an S3-compatible store, and "
        "a folder in it if you like, such as `https://s3.example.org/my-bucket/media`. It may "
        "stand in your own network. Of before: EARFUL_MEDIA_S3_ENDPOINT and "
        "EARFUL_MEDIA_S3_BUCKET, which still work.",
        default=None,
    )
    media_bucket_region: str = _setting(
        "EARFUL_MEDIA_BUCKET_REGION",
        "The region that the bucket is in. Of before: EARFUL_MEDIA_S3_REGION.",
        default="us-east-1",
    )
    media_bucket_key_id: str | None = _setting(
        "EARFUL_MEDIA_BUCKET_KEY_ID",
        "Id of the access key to the bucket. Of before: EARFUL_MEDIA_S3_KEY_ID.",
        default=None,
    )
    media_bucket_secret: str | None = _setting(
        "EARFUL_MEDIA_BUCKET_SECRET",
        "The access key's secret. Of before: EARFUL_MEDIA_S3_SECRET.",
        default=None,
        secret=True,
    )
    media_bucket_secret_file: Path | None = _setting(  # noqa: RUF009 - as above
        "EARFUL_MEDIA_BUCKET_SECRET_FILE",
        "Or a file whose first line is the secret. Of before: EARFUL_MEDIA_S3_SECRET_FILE.",
        default=None,
    )
    portal_hosts: str = _setting(
        "EARFUL_PORTAL_HOSTS",
        "Domains of your portals' own, with the address of each: `help.example.org=help`, several "
        "with commas between. Such a domain shows that portal and nothing else of the desk.",
        default="",
    )
    outgoing_allow: str = _setting(
        "EARFUL_OUTGOING_ALLOW",
        "Private networks that webhooks, pagers and picture fetching may reach all the same, with "
        "commas between: `10.20.0.0/16, 127.0.0.1`. Empty: only public addresses are called.",
        default="",
    )
    log_level: str = _setting(
        "EARFUL_LOG_LEVEL", f"One of {', '.join(LOG_LEVELS)}.", default="info"
    )

    @classmethod
    def from_env(cls, environ: Mapping[str, str]) -> Self:
        """Read all settings. Raises SettingsError for the first one that can't be used."""
        environ = _with_new_names(environ)
        values = {f.name: _read(f.metadata["env"], f.default, environ) for f in fields(cls)}
        home = environ.get("EARFUL_DATA_DIR", "").strip()
        values["data_dir"] = Path(home).expanduser().absolute() if home else _default_data_dir()
        settings = cls(**values)
        _check(settings)
        return settings

    @property
    def embedded(self) -> bool:
        """Whether Earful runs its own PostgreSQL."""
        return self.database_url is None

    @property
    def media_dir(self) -> Path:
        """Where media files lie."""
        return self.data_dir / "media"

    @property
    def base_url(self) -> str:
        """The address links point to, without a slash at the end."""
        if self.public_url:
            return self.public_url.rstrip("/")
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"http://{host}:{self.port}"

    def portal_url(self, slug: str) -> str:
        """The address that a portal's links begin with: its own domain's, else the desk's."""
        for host, of in hosts_of(self.portal_hosts).items():
            if of == slug:
                return f"{urlsplit(self.base_url).scheme}://{host}"
        return self.base_url

    @property
    def callback_url(self) -> str:
        """Where networks send people back to. Without a public address this very machine, by its
        number: networks that take plain http take it for that one address, and no name."""
        base = self.base_url if self.public_url else f"http://127.0.0.1:{self.port}"
        return f"{base}/oauth/callback"


def hosts_of(text: str) -> dict[str, str]:
    """The portals by their own domain. Raises SettingsError."""
    found = {}
    for one in filter(None, (part.strip() for part in text.split(","))):
        if not _PORTAL_HOST.fullmatch(one):
            raise SettingsError(
                "EARFUL_PORTAL_HOSTS must look like help.example.org=help, with commas between."
            )
        host, _, slug = one.lower().partition("=")
        found[host] = slug
    return found


def _default_data_dir() -> Path:
    return Path("/var/lib/earful") if os.geteuid() == 0 else Path.home() / ".earful"


def _with_new_names(environ: Mapping[str, str]) -> Mapping[str, str]:
    """`environ` with the names of today for those of before, where they are not set themselves."""
    named = {
        f"EARFUL_MEDIA_BUCKET_{name}": environ.get(f"EARFUL_MEDIA_S3_{name}", "")
        for name in ("REGION", "KEY_ID", "SECRET", "SECRET_FILE")
    }
    ends = [environ.get(f"EARFUL_MEDIA_S3_{name}", "").strip() for name in ("ENDPOINT", "BUCKET")]
    if any(ends):
        named["EARFUL_MEDIA_BUCKET"] = "/".join(end.strip("/") for end in ends)
    return named | {name: text for name, text in environ.items() if text or name not in named}


def _read(variable: str, default: Any, environ: Mapping[str, str]) -> Any:
    """The value of `variable`, of the same type as `default` (paths and texts may be None)."""
    text = environ.get(variable, "").strip()
    if not text:
        return default
    if isinstance(default, bool):
        return _yes_or_no(variable, text)
    if isinstance(default, int):
        try:
            return int(text)
        except ValueError:
            raise SettingsError(f"{variable} must be a whole number, not {text!r}.") from None
    if variable in _PATHS:
        return Path(text).expanduser().absolute()
    return text


def _yes_or_no(variable: str, text: str) -> bool:
    if text.lower() in _YES:
        return True
    if text.lower() in _NO:
        return False
    raise SettingsError(f"{variable} must be yes or no, not {text!r}.")


def _check(settings: Settings) -> None:
    for variable, url in (
        ("EARFUL_DATABASE_URL", settings.database_url),
        ("EARFUL_DATABASE_OWNER_URL", settings.database_owner_url),
        ("EARFUL_DATABASE_LISTEN_URL", settings.database_listen_url),
    ):
        if url and urlsplit(url).scheme not in ("postgresql", "postgres"):
            raise SettingsError(f"{variable} must start with postgresql://")
    if settings.embedded and (settings.database_owner_url or settings.database_listen_url):
        raise SettingsError(
            "EARFUL_DATABASE_OWNER_URL and EARFUL_DATABASE_LISTEN_URL only mean something with "
            "EARFUL_DATABASE_URL; set that too, or remove them."
        )
    if not settings.embedded and not settings.secret_key:
        raise SettingsError(
            "EARFUL_SECRET_KEY is needed with EARFUL_DATABASE_URL, so that every process that "
            "shares the database has the same key. Make one with: openssl rand -base64 32"
        )
    if settings.secret_key and len(settings.secret_key) < 32:
        raise SettingsError("EARFUL_SECRET_KEY must have at least 32 characters.")
    _check_backup(settings)
    _check_media(settings)
    _check_web(settings)


def _check_backup(settings: Settings) -> None:
    if (settings.backup_dir is None) != (settings.backup_passphrase_file is None):
        raise SettingsError(
            "EARFUL_BACKUP_DIR and EARFUL_BACKUP_PASSPHRASE_FILE belong together: set both, or "
            "neither."
        )
    _check_bucket(settings, "backup")
    if settings.backup_bucket and settings.backup_dir is None:
        raise SettingsError(
            "EARFUL_BACKUP_BUCKET takes copies of the backups in EARFUL_BACKUP_DIR: set that too."
        )
    if not 1 <= settings.backup_every_hours <= 720:
        raise SettingsError("EARFUL_BACKUP_EVERY_HOURS must be between 1 and 720.")
    if settings.backup_keep < 1:
        raise SettingsError("EARFUL_BACKUP_KEEP must be at least 1.")


def _check_bucket(settings: Settings, of: str) -> None:
    """`of` is what the bucket is for: "backup" or "media"."""
    name = f"EARFUL_{of.upper()}_BUCKET"
    address, key_id, secret, file = (
        getattr(settings, f"{of}_bucket{end}") for end in ("", "_key_id", "_secret", "_secret_file")
    )
    if not address and (of == "backup" or not any((key_id, secret, file))):
        return
    if not address or not key_id or (secret is None) == (file is None):
        raise SettingsError(
            f"{name}, {name}_KEY_ID and one of {name}_SECRET and {name}_SECRET_FILE belong "
            "together: set them all, or none."
        )
    parts = urlsplit(address)
    if parts.scheme not in ("http", "https") or not parts.netloc or not parts.path.strip("/"):
        raise SettingsError(
            f"{name} must look like https://s3.example.org/my-bucket or "
            "https://s3.example.org/my-bucket/folder."
        )


def _check_media(settings: Settings) -> None:
    if not 1 <= settings.media_file_bytes <= 60_000_000:
        raise SettingsError("EARFUL_MEDIA_FILE_BYTES must be between 1 and 60000000.")
    if settings.media_image_bytes < 1:
        raise SettingsError("EARFUL_MEDIA_IMAGE_BYTES must be at least 1.")
    _check_bucket(settings, "media")


def _check_web(settings: Settings) -> None:
    if settings.public_url:
        parts = urlsplit(settings.public_url)
        if parts.scheme not in ("http", "https") or not parts.netloc:
            raise SettingsError("EARFUL_PUBLIC_URL must look like https://care.example.org")
        if parts.path.strip("/") or parts.query or parts.fragment:
            raise SettingsError("EARFUL_PUBLIC_URL must have nothing after the host name.")
    if not 1 <= settings.port <= 65535:
        raise SettingsError("EARFUL_PORT must be between 1 and 65535.")
    if not 1 <= settings.database_pool <= 200:
        raise SettingsError("EARFUL_DATABASE_POOL must be between 1 and 200.")
    try:
        networks_of(settings.outgoing_allow)
    except ValueError as error:
        raise SettingsError(f"EARFUL_OUTGOING_ALLOW: {error}.") from None
    hosts_of(settings.portal_hosts)
    if settings.log_level not in LOG_LEVELS:
        raise SettingsError(f"EARFUL_LOG_LEVEL must be one of {', '.join(LOG_LEVELS)}.")
