"""What the operator sets in the environment or in `.env`, checked once at start."""

import re
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any, Self
from urllib.parse import urlsplit

from pydantic import AfterValidator, BeforeValidator, Field, SecretStr, ValidationError, model_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict
from pydantic_settings.exceptions import SettingsError as SourceError

from domain.calendar import ZONE, office_time

TELEGRAM_API_URL = "https://api.telegram.org"
ZALO_API_URL = "https://bot-api.zaloplatforms.com"
SHIPPED_OFFICE_FILE = Path(__file__).parent / "office.toml"

_PREFIX = "KETNAP_"
_TOKEN = re.compile(r"[0-9]+:[A-Za-z0-9_-]+")
_SECRET = re.compile(r"[A-Za-z0-9_-]{16,256}")
_REAL_PLATFORMS = ("telegram.org", "zaloplatforms.com", "zapps.me")
_DRIVERS = ("sqlite+aiosqlite://", "postgresql+asyncpg://")


NOT_READABLE = "permission denied; give its group to the account of the bot (chgrp) and let it read (chmod 640)"


class SettingsError(Exception):
    """Something that the operator set is wrong. The message names it and never repeats its value."""


class Receive(StrEnum):
    """How messages come in; `auto` means by webhook when there is a public address."""

    AUTO = "auto"
    POLL = "poll"
    WEBHOOK = "webhook"


class LogLevel(StrEnum):
    DEBUG = "DEBUG"
    INFO = "INFO"
    WARNING = "WARNING"
    ERROR = "ERROR"


def _split(value: object) -> object:
    if not isinstance(value, str):
        return value
    return [token for piece in value.split(",") if (token := piece.strip())]


def _tokens(tokens: tuple[SecretStr, ...]) -> tuple[SecretStr, ...]:
    values = [token.get_secret_value() for token in tokens]
    for number, value in enumerate(values, start=1):
        if not _TOKEN.fullmatch(value):
            raise ValueError(f"token {number} does not look like a bot token (digits, a colon, letters and digits)")
    if len(set(values)) < len(values):
        raise ValueError("the same token stands there twice")
    numbers = [value.partition(":")[0] for value in values]
    for place, number in enumerate(numbers, start=1):
        if (first := numbers.index(number) + 1) < place:
            raise ValueError(f"tokens {first} and {place} are of one bot; leave only the newer one")
    return tokens


def _web_address(value: str) -> str:
    parts = urlsplit(value)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise ValueError("must be an address that begins with https:// or http://")
    return value.rstrip("/")


def _proxy(value: SecretStr) -> SecretStr:
    parts = urlsplit(value.get_secret_value())
    if parts.scheme.startswith("socks"):
        raise ValueError("a SOCKS proxy is not understood; set an HTTP proxy, such as http://host:port")
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise ValueError("must be an address that begins with http:// or https://")
    return value


def _database(value: SecretStr) -> SecretStr:
    database_address(value.get_secret_value())
    return value


def database_address(address: str) -> str:
    """The address as it is, or a `ValueError` that says what one looks like."""
    if not address.startswith(_DRIVERS):
        raise ValueError(f"must begin with {' or '.join(_DRIVERS)}")
    if not _names_a_database(address):
        raise ValueError("must name a database: sqlite+aiosqlite:///FILE, or postgresql+asyncpg://HOST:PORT/DATABASE")
    return address


def _names_a_database(address: str) -> bool:
    parts = urlsplit(address)
    try:
        return len(parts.path) > 1 and parts.port != 0
    except ValueError:  # a port that is no number
        return False


def _secret(value: SecretStr) -> SecretStr:
    if not _SECRET.fullmatch(value.get_secret_value()):
        raise ValueError("must be 16 to 256 of A-Z a-z 0-9 _ -")
    return value


def _iso(value: object) -> object:
    if not isinstance(value, str):
        return value
    try:
        return datetime.fromisoformat(value.strip())
    except ValueError:
        raise ValueError("must be a moment such as 2026-11-23T07:30") from None


def _in_office(moment: datetime) -> datetime:
    """Without a zone it is the office's own time, not the machine's."""
    return moment.replace(tzinfo=ZONE) if moment.tzinfo is None else office_time(moment)


def _upper(value: object) -> object:
    return value.upper() if isinstance(value, str) else value


def _lower(value: object) -> object:
    return value.lower() if isinstance(value, str) else value


Tokens = Annotated[tuple[SecretStr, ...], NoDecode, BeforeValidator(_split), AfterValidator(_tokens)]
WebAddress = Annotated[str, AfterValidator(_web_address)]


class Settings(BaseSettings):
    """One field for each name in the README, which begins with `KETNAP_` there. Secrets do not print."""

    model_config = SettingsConfigDict(
        env_prefix=_PREFIX,
        env_file_encoding="utf-8",
        env_ignore_empty=True,
        extra="ignore",
        frozen=True,
        hide_input_in_errors=True,
    )

    data_dir: Path = Path("data")
    database_url: Annotated[SecretStr, AfterValidator(_database)] | None = None
    telegram_token: Tokens = ()
    telegram_api_url: WebAddress = TELEGRAM_API_URL
    telegram_proxy: Annotated[SecretStr, AfterValidator(_proxy)] | None = None
    zalo_token: Tokens = ()
    zalo_api_url: WebAddress = ZALO_API_URL
    public_url: WebAddress | None = None
    receive: Annotated[Receive, BeforeValidator(_lower)] = Receive.AUTO
    webhook_secret: Annotated[SecretStr, AfterValidator(_secret)] | None = None
    http_host: str = "127.0.0.1"
    http_port: int = Field(default=8080, ge=1, le=65535)
    office_file: Path = SHIPPED_OFFICE_FILE
    office_key: SecretStr | None = None
    office_key_file: Path | None = None
    heartbeat_url: WebAddress | None = None
    log_level: Annotated[LogLevel, BeforeValidator(_upper)] = LogLevel.INFO
    now: Annotated[datetime, BeforeValidator(_iso), AfterValidator(_in_office)] | None = None

    @property
    def database(self) -> str:
        """The address of the database: the one set, or SQLite in the data folder."""
        if self.database_url is not None:
            return self.database_url.get_secret_value()
        return f"sqlite+aiosqlite:///{self.data_dir / 'ketnap.db'}"

    @property
    def uses_webhooks(self) -> bool:
        if self.receive is Receive.AUTO:
            return self.public_url is not None
        return self.receive is Receive.WEBHOOK

    @property
    def proxy(self) -> str | None:
        """The proxy on the way to Telegram."""
        return self.telegram_proxy.get_secret_value() if self.telegram_proxy else None

    @property
    def unprintable(self) -> list[str]:
        """What no log may show, wherever it comes from."""
        secrets = [*self.telegram_token, *self.zalo_token, self.webhook_secret, self.database_url]
        secrets += [self.telegram_proxy, self.office_key]
        shown = [secret.get_secret_value() for secret in secrets if secret is not None]
        return [*shown, self.heartbeat_url] if self.heartbeat_url else shown

    @property
    def private(self) -> list[Path]:
        """Files and folders that are nobody else's business."""
        elsewhere = [path for path in self._database_files if self.data_dir.absolute() not in path.absolute().parents]
        return [self.data_dir, Path(".env"), *([self.office_key_file] if self.office_key_file else []), *elsewhere]

    @property
    def _database_files(self) -> list[Path]:
        """The files of a SQLite database: itself, and what SQLite keeps beside it."""
        kind, _, path = self.database.partition(":///")
        name = path.partition("?")[0]
        return [Path(name + end) for end in ("", "-wal", "-shm")] if kind.startswith("sqlite") else []

    @property
    def remarks(self) -> list[tuple[str, str, str]]:
        """What is set, or not, and worth knowing: the name, what follows from it, and what to do."""
        remarks: list[tuple[str, str, str]] = []
        if not (self.telegram_token or self.zalo_token):
            says = "not set, nor KETNAP_ZALO_TOKEN: no channel, nobody can be heard"
            remarks.append(("KETNAP_TELEGRAM_TOKEN", says, "Put a token into .env: docs/operations.md"))
        if not self.key_of_office:
            says = "not set: no backups are written"
            remarks.append(("KETNAP_OFFICE_KEY", says, "Put a long sentence there, and keep it elsewhere too."))
        if not self.heartbeat_url:
            says = "not set: nobody outside notices if this machine stops"
            remarks.append(("KETNAP_HEARTBEAT_URL", says, "docs/operations.md"))
        if self.now is not None:
            remarks.append(("KETNAP_NOW", "set: the clock is rehearsed", "Take it out before real work."))
        return remarks

    @property
    def key_of_office(self) -> str:
        """The office key, wherever it stands; "" if there is none."""
        if self.office_key_file is None:
            return self.office_key.get_secret_value() if self.office_key else ""
        try:
            key = self.office_key_file.read_text(encoding="utf-8").strip()
        except PermissionError as error:
            raise SettingsError(f"KETNAP_OFFICE_KEY_FILE: {NOT_READABLE}") from error
        except (OSError, UnicodeDecodeError) as error:
            raise SettingsError("KETNAP_OFFICE_KEY_FILE: the file cannot be read") from error
        if not key:
            raise SettingsError("KETNAP_OFFICE_KEY_FILE: the file is empty")
        return key

    @model_validator(mode="after")
    def _webhooks_are_complete(self) -> Self:
        if not self.uses_webhooks or not (self.telegram_token or self.zalo_token):
            return self
        if self.public_url is None:
            raise ValueError("KETNAP_RECEIVE=webhook needs KETNAP_PUBLIC_URL")
        if self.webhook_secret is None:
            raise ValueError("webhooks need KETNAP_WEBHOOK_SECRET; set it, or KETNAP_RECEIVE=poll")
        return self

    @model_validator(mode="after")
    def _one_office_key(self) -> Self:
        if self.office_key is not None and self.office_key_file is not None:
            raise ValueError("set KETNAP_OFFICE_KEY or KETNAP_OFFICE_KEY_FILE, not both")
        return self

    @model_validator(mode="after")
    def _no_rehearsal_in_public(self) -> Self:
        """People on a real platform would be written to about days that have not come."""
        if self.now is None:
            return self
        used = [(self.telegram_token, self.telegram_api_url), (self.zalo_token, self.zalo_api_url)]
        if any(_is_real(address) for tokens, address in used if tokens):
            raise ValueError("KETNAP_NOW is for rehearsals: not together with the real Telegram or Zalo")
        return self


def _is_real(address: str) -> bool:
    host = (urlsplit(address).hostname or "").rstrip(".").lower()
    return any(host == platform or host.endswith(f".{platform}") for platform in _REAL_PLATFORMS)


def load_settings(env_file: Path | None = Path(".env")) -> Settings:
    """The settings from the environment, which wins, and from the file; every mistake in one message."""
    problems: list[str] = []
    try:
        return Settings(_env_file=env_file)  # pyright: ignore[reportCallIssue] - an argument of pydantic-settings
    except ValidationError as error:
        problems = [_sentence(each) for each in error.errors(include_input=False, include_url=False)]
    except PermissionError:
        problems = [f"{env_file}: {NOT_READABLE}"]
    except (SourceError, UnicodeDecodeError, OSError):
        problems = [f"{env_file}: cannot be read; it must be text in UTF-8, one NAME=value a line"]
    # Raised out here, without a cause: the cause holds what was typed, tokens too.
    raise SettingsError("\n".join(problems))


def _sentence(problem: Any) -> str:  # noqa: ANN401 - pydantic's ErrorDetails, with a context of any shape
    message = str(problem["msg"]).removeprefix("Value error, ")
    if not problem["loc"]:
        return message
    return f"{_PREFIX}{str(problem['loc'][0]).upper()}: {message}"
