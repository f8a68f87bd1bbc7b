import re
import traceback
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from pydantic import ValidationError

from config.clock import Clock
from config.settings import LogLevel, Receive, Settings, SettingsError, load_settings
from domain.calendar import ZONE

ROOT = Path(__file__).parents[2]
TOKEN = "1000000001:CANARY-token"
CANARY = "CANARY"
NAMES = {f"KETNAP_{name.upper()}" for name in Settings.model_fields}


@pytest.fixture(autouse=True)
def _no_settings_of_this_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in NAMES:
        monkeypatch.delenv(name, raising=False)


def settings(tmp_path: Path, **values: str) -> Settings:
    env = tmp_path / ".env"
    env.write_text("".join(f"KETNAP_{name.upper()}={value}\n" for name, value in values.items()), encoding="utf-8")
    return load_settings(env)


def refusal(tmp_path: Path, **values: str) -> str:
    with pytest.raises(SettingsError) as caught:
        settings(tmp_path, **values)
    return str(caught.value)


def test_nothing_set_gives_the_defaults() -> None:
    told = load_settings(None)
    assert told.database == "sqlite+aiosqlite:///data/ketnap.db"
    assert told.telegram_token == told.zalo_token == ()
    assert told.telegram_api_url == "https://api.telegram.org"
    assert told.zalo_api_url == "https://bot-api.zaloplatforms.com"
    assert (told.receive, told.uses_webhooks) == (Receive.AUTO, False)
    assert (told.http_host, told.http_port) == ("127.0.0.1", 8080)
    assert told.office_file == ROOT / "config" / "office.toml"
    assert told.log_level is LogLevel.INFO
    assert told.now is told.public_url is told.heartbeat_url is None
    assert not told.key_of_office


def test_the_example_names_every_setting_and_holds_the_defaults(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    example = ROOT / ".env.example"
    named = set(re.findall(r"^(KETNAP_\w+)=", example.read_text(encoding="utf-8"), flags=re.MULTILINE))
    assert named == NAMES
    told = load_settings(example)
    assert told.office_file.resolve() == load_settings(None).office_file
    assert told.model_copy(update={"office_file": load_settings(None).office_file}) == load_settings(None)


def test_the_environment_wins_over_the_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KETNAP_HTTP_PORT", "9000")
    assert settings(tmp_path, http_port="8081").http_port == 9000


def test_several_tokens_are_parted_by_commas(tmp_path: Path) -> None:
    told = settings(tmp_path, telegram_token=f" {TOKEN} , 22:second,")
    assert [token.get_secret_value() for token in told.telegram_token] == [TOKEN, "22:second"]


def test_addresses_lose_their_last_slash_and_levels_their_small_letters(tmp_path: Path) -> None:
    told = settings(tmp_path, telegram_api_url="http://127.0.0.1:9/", log_level="debug", receive="POLL")
    assert told.telegram_api_url == "http://127.0.0.1:9"
    assert (told.log_level, told.receive) == (LogLevel.DEBUG, Receive.POLL)


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("http_port", "abc", "KETNAP_HTTP_PORT: Input should be a valid integer"),
        ("http_port", "70000", "KETNAP_HTTP_PORT: Input should be less than or equal to 65535"),
        ("telegram_token", f"{TOKEN},CANARY", "KETNAP_TELEGRAM_TOKEN: token 2 does not look like a bot token"),
        ("telegram_token", f"{TOKEN},{TOKEN}", "KETNAP_TELEGRAM_TOKEN: the same token stands there twice"),
        (
            "telegram_token",
            "7:CANARY-old,8:x,7:CANARY-new",
            "KETNAP_TELEGRAM_TOKEN: tokens 1 and 3 are of one bot; leave only the newer one",
        ),
        ("telegram_api_url", "api.telegram.org/CANARY", "KETNAP_TELEGRAM_API_URL: must be an address"),
        ("telegram_proxy", "CANARY", "KETNAP_TELEGRAM_PROXY: must be an address"),
        ("telegram_proxy", "socks5://me:CANARY@host:1080", "KETNAP_TELEGRAM_PROXY: a SOCKS proxy is not understood"),
        ("database_url", "postgresql+asyncpg://me:CANARY@host", "KETNAP_DATABASE_URL: must name a database"),
        ("database_url", "mysql://me:CANARY@host/x", "KETNAP_DATABASE_URL: must begin with sqlite+aiosqlite://"),
        ("database_url", "postgresql://me:CANARY@host/x", "postgresql+asyncpg://"),
        ("webhook_secret", "CANARY", "KETNAP_WEBHOOK_SECRET: must be 16 to 256"),
        ("receive", "CANARY", "KETNAP_RECEIVE: Input should be 'auto', 'poll' or 'webhook'"),
        ("log_level", "CANARY", "KETNAP_LOG_LEVEL: Input should be"),
        ("now", "CANARY", "KETNAP_NOW: must be a moment such as 2026-11-23T07:30"),
        ("now", "2026-02-30", "KETNAP_NOW: must be a moment"),
    ],
)
def test_a_wrong_value_is_named_and_never_repeated(tmp_path: Path, name: str, value: str, said: str) -> None:
    with pytest.raises(SettingsError) as caught:
        settings(tmp_path, **{name: value})
    assert said in str(caught.value)
    assert CANARY not in "".join(traceback.format_exception(caught.value))
    assert caught.value.__cause__ is None
    assert caught.value.__context__ is None


def test_all_mistakes_are_said_at_once(tmp_path: Path) -> None:
    said = refusal(tmp_path, http_port="abc", now="soon", telegram_token=CANARY)
    assert said.count("\n") == 2
    assert CANARY not in said


def test_secrets_do_not_print(tmp_path: Path) -> None:
    secret = "CANARY-secret-of-webhooks"
    told = settings(tmp_path, telegram_token=TOKEN, zalo_token=TOKEN, webhook_secret=secret, office_key=CANARY)
    assert CANARY not in f"{told!r}{told}"
    with pytest.raises(ValidationError) as caught:
        Settings(telegram_token=("CANARY",), _env_file=None)  # pyright: ignore[reportCallIssue] - as in load_settings
    assert CANARY not in str(caught.value)


def test_webhooks_need_an_address_and_a_secret(tmp_path: Path) -> None:
    secret = "0123456789abcdef"
    public = "https://ketnap.example.vn"
    assert "KETNAP_PUBLIC_URL" in refusal(tmp_path, telegram_token=TOKEN, receive="webhook", webhook_secret=secret)
    assert "KETNAP_WEBHOOK_SECRET" in refusal(tmp_path, zalo_token=TOKEN, public_url=public)
    assert settings(tmp_path, telegram_token=TOKEN, public_url=public, webhook_secret=secret).uses_webhooks
    assert not settings(tmp_path, telegram_token=TOKEN, public_url=public, receive="poll").uses_webhooks


def test_the_rehearsal_clock_is_office_time(tmp_path: Path) -> None:
    assert settings(tmp_path, now="2026-11-23T07:30").now == datetime(2026, 11, 23, 7, 30, tzinfo=ZONE)
    told = settings(tmp_path, now="2026-11-23T00:30:00+00:00").now
    assert told is not None
    assert told.isoformat() == "2026-11-23T07:30:00+07:00"


def test_a_rehearsal_is_refused_on_a_real_platform(tmp_path: Path) -> None:
    now = "2026-11-23T07:30"
    assert "KETNAP_NOW" in refusal(tmp_path, now=now, telegram_token=TOKEN)
    assert "KETNAP_NOW" in refusal(tmp_path, now=now, zalo_token=TOKEN)
    assert "KETNAP_NOW" in refusal(
        tmp_path, now=now, telegram_token=TOKEN, telegram_api_url="https://API.telegram.org."
    )
    assert settings(tmp_path, now=now).now is not None
    assert settings(tmp_path, now=now, telegram_token=TOKEN, telegram_api_url="http://127.0.0.1:8081").now is not None


def test_the_office_key_may_stand_in_a_file(tmp_path: Path) -> None:
    key = tmp_path / "key"
    key.write_text("CANARY\n", encoding="utf-8")
    assert settings(tmp_path, office_key_file=str(key)).key_of_office == "CANARY"
    assert "not both" in refusal(tmp_path, office_key="x", office_key_file=str(key))
    with pytest.raises(SettingsError, match="KETNAP_OFFICE_KEY_FILE"):
        _ = settings(tmp_path, office_key_file=str(tmp_path / "none")).key_of_office


def test_a_file_that_is_no_text_is_named(tmp_path: Path) -> None:
    env = tmp_path / ".env"
    env.write_bytes(b"KETNAP_HTTP_HOST=\xff\xfe\n")
    with pytest.raises(SettingsError, match="UTF-8"):
        load_settings(env)


def test_the_clock_runs_on_from_where_it_was_moved() -> None:
    monday = datetime(2026, 11, 23, 7, 30, tzinfo=ZONE)
    clock = Clock()
    assert not clock.is_rehearsal
    assert abs(clock.now() - datetime.now(ZONE)) < timedelta(minutes=1)
    clock.move_to(monday)
    first, second = clock.now(), clock.now()
    assert monday <= first <= second < monday + timedelta(minutes=1)
    assert first.utcoffset() == timedelta(hours=7)
    assert Clock(monday).is_rehearsal
