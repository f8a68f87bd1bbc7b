"""What `doctor --zalo-probe` learns: each way in which Zalo may turn out to be is another finding."""

import asyncio
import socket
import time
from collections.abc import Generator
from typing import Any

import pytest

from channels import zalo_probe
from storage.database import Database
from storage.leases import take_lease
from tests.cast import free_port
from tests.desk import Desk
from tests.platforms.client import Emulator

YES = "y\n" * 60
SENDS = ("sendMessage", "setWebhook", "deleteWebhook", "testWebhook", "getUpdates")


@pytest.fixture
def zalo() -> Generator[Emulator]:
    with Emulator.start(platform="zalo") as running:
        yield running


@pytest.fixture
def on_zalo(desk: Desk, zalo: Emulator, monkeypatch: pytest.MonkeyPatch) -> Desk:
    for name, value in zalo.settings.items():
        monkeypatch.setenv(name, value)
    for name, seconds in (
        ("FLOOR_SECONDS", 0.0),
        ("POLL_SECONDS", 0.4),
        ("MESSAGE_SECONDS", 3.0),
        ("RETRY_SECONDS", 1.5),
    ):
        monkeypatch.setattr(zalo_probe, name, seconds)
    assert desk("migrate").exit_code == 0
    return desk


def write(zalo: Emulator) -> None:
    """What the operator writes from a phone while nobody polls."""
    lan = zalo.user(1, "Lan")
    for text in ("1", "2", "3"):
        lan.says(text)
    zalo.post("inject", user=1, kind="photo")


def learned(desk: Desk, said: str = YES) -> dict[str, str]:
    """The rows of the table that is printed for docs/zalo.md."""
    done = desk("doctor", "--zalo-probe", said=said)
    assert done.exit_code == 0, done.output
    table = done.output[done.output.index("| question |") :]
    rows = [line.strip("| ").split(" | ") for line in table.splitlines() if line.startswith("| ")]
    return dict(row for row in rows if len(row) == 2)


AS_MEASURED = {
    "getMe": "tells the name that people see; account type BASIC",
    "may the bot join groups": "getMe says False",
    "status of errors: 200 or the code": "200, the code in the body only (an unknown method is 404)",
    "getWebhookInfo while none is set": "refused: 404 “Not Found”, status 200",
    "deleteWebhook while none is set": "accepted",
    "is testWebhook still there": "refused: 426 “Limit reached”, status 200",
    "given out once or again": "once",
    "kept or lost while nobody polls": "kept",
    "where the address of a picture stands": "photo_url",
    "dates": "milliseconds",
    "an empty poll": "after 0 s of 0.4, refused: 408 “Request timeout”, status 200",
    "the time of a poll as a string": "after 0 s of 0.4, refused: 408 “Request timeout”, status 200",
    "a chat that was never heard": "refused: 400 “The chat_id is invalid”, status 200",
    "2,000 letters": "accepted",
    "2,001 letters": "refused: 400 “The text must be 1-2000 characters”, status 200",
    "2,000 of what": "UTF-16 units (refused: 400 “The text must be 1-2000 characters”, status 200)",
    "what comes when somebody has blocked the bot": "accepted",
}


def test_what_was_measured_is_what_it_finds(on_zalo: Desk, zalo: Emulator) -> None:
    write(zalo)
    found = learned(on_zalo)
    assert found.pop("whether a person's id is the same for two bots").endswith("compare with a probe of another bot")
    found.pop("question")
    assert found == AS_MEASURED
    assert zalo.stats()["unknown_fields"] == []


@pytest.mark.parametrize(
    ("switch", "question", "answer"),
    [
        ({"display_name": ""}, "getMe", "tells no name that people see"),
        ({"error_http_status": "same_as_code"}, "status of errors: 200 or the code", "the code: 404"),
        ({"consume": "replay"}, "given out once or again", "again, up to 4 times"),
        ({"consume": "replay", "replay_seconds": 0.3}, "given out once or again", "again, up to"),
        ({"lost_while_offline": True}, "kept or lost while nobody polls", "lost"),
        ({"quick_empty": True}, "an empty poll", "at once of 0.4"),
        ({"image_field": "photo"}, "where the address of a picture stands", "photo"),
        ({"time_unit": "s"}, "dates", "seconds"),
        ({"strict_chats": False}, "a chat that was never heard", "accepted"),
        ({"quota": 1}, "2,001 letters", "refused: 429 “Quota exceeded”"),
    ],
)
def test_each_other_way_is_another_finding(
    on_zalo: Desk, zalo: Emulator, switch: dict[str, Any], question: str, answer: str
) -> None:
    zalo.config(**switch)
    write(zalo)
    found = learned(on_zalo)[question]
    assert found.startswith(answer) and found != AS_MEASURED[question]


@pytest.mark.parametrize(
    ("method", "fault", "question", "answer"),
    [
        ("sendMessage", {"kind": "html", "status": 429}, "2,000 letters", "a page that is not Zalo's, status 429"),
        ("sendMessage", {"kind": "reset_after"}, "2,000 letters", "no answer"),
        ("sendMessage", {"kind": "garbage"}, "2,000 letters", "a page that is not Zalo's, status 200"),
        (
            "sendMessage",
            {"kind": "error", "status": 403, "description": "Forbidden", "skip": 4},
            "what comes when somebody has blocked the bot",
            "refused: 403 “Forbidden”, status 200",
        ),
        ("getUpdates", {"kind": "html", "status": 502}, "an empty poll", "at once of 0.4, a page that is not Zalo's"),
        ("getMe", {"kind": "html", "status": 502}, "getMe", "a page that is not Zalo's, status 502"),
        (
            "testWebhook",
            {"kind": "error", "status": 404, "description": "Not Found"},
            "is testWebhook still there",
            "refused: 404",
        ),
    ],
)
def test_what_is_in_front_of_zalo_or_goes_wrong_is_said_as_it_is(
    on_zalo: Desk, zalo: Emulator, method: str, fault: dict[str, Any], question: str, answer: str
) -> None:
    write(zalo)
    zalo.fault(method, **fault)
    found = learned(on_zalo)
    assert found.get(question, "").startswith(answer) or method == "getUpdates", found


def test_without_a_yes_nothing_is_sent_set_or_read(on_zalo: Desk, zalo: Emulator) -> None:
    write(zalo)
    done = on_zalo("doctor", "--zalo-probe", said="n\n" * 60)
    assert done.exit_code == 0
    assert set(zalo.stats()["calls"]) == {"getMe", "getNothing", "getWebhookInfo"}
    assert "Left out: send one message to a chat that is none" in done.output
    assert len(zalo.get("pending")) == 4


def test_each_sending_is_asked_for_by_itself(on_zalo: Desk, zalo: Emulator) -> None:
    write(zalo)
    done = on_zalo("doctor", "--zalo-probe", said=YES)
    asked = [line for line in done.output.splitlines() if "May I send" in line]
    assert len(asked) == 4
    assert zalo.token.split(":")[1] not in done.output


def test_only_who_wrote_as_told_is_written_to(on_zalo: Desk, zalo: Emulator) -> None:
    zalo.user(2, "Hùng").says("chào bot")
    write(zalo)
    learned(on_zalo)
    assert {one.chat_id for one in zalo.sent()} == {1}


def test_an_input_that_ends_prints_what_is_known_by_then(on_zalo: Desk, zalo: Emulator) -> None:
    done = on_zalo("doctor", "--zalo-probe", said="n\ny\n")
    assert done.exit_code == 0, done.output
    assert "Ended early." in done.output and "| deleteWebhook while none is set | accepted |" in done.output


@pytest.mark.parametrize(
    ("used", "counts"), [("102", "those sent only: 2"), ("106", "those sent and those received: 6"), ("101", "neither")]
)
def test_the_figure_of_used_messages_tells_what_is_counted(
    on_zalo: Desk, zalo: Emulator, used: str, counts: str
) -> None:
    write(zalo)
    counted = learned(on_zalo, said="\n".join(["100", *["y"] * 10, used]) + "\n")
    assert counted["whether received messages count in the 3,000"].startswith(counts)


@pytest.mark.parametrize("what", ["a webhook of somebody else", "a refused token", "a running bot", "no token"])
def test_where_nothing_can_be_learned_it_says_so(
    on_zalo: Desk, zalo: Emulator, monkeypatch: pytest.MonkeyPatch, what: str
) -> None:
    match what:
        case "a webhook of somebody else":
            zalo.http.post(
                f"{zalo.base_url}{zalo.token}/setWebhook",
                json={"url": "http://127.0.0.1:9/x", "secret_token": "s" * 16},
            )
            done = on_zalo("doctor", "--zalo-probe", said=YES)
            assert done.exit_code == 0
            assert "A webhook is set; I leave it as it is" in done.output
            assert not {"deleteWebhook", "getUpdates"} & set(zalo.stats()["calls"])
        case "a refused token":
            monkeypatch.setenv("KETNAP_ZALO_TOKEN", "2000000001:REVOKED")
            done = on_zalo("doctor", "--zalo-probe", said=YES)
            assert done.exit_code == 1 and "Zalo refuses the token." in done.output
        case "a running bot":
            asyncio.run(_runs(on_zalo))
            done = on_zalo("doctor", "--zalo-probe", said=YES)
            assert done.exit_code == 1 and "The bot is running" in done.output
            assert zalo.stats()["calls"] == {}
        case _:
            monkeypatch.delenv("KETNAP_ZALO_TOKEN")
            done = on_zalo("doctor", "--zalo-probe", said=YES)
            assert done.exit_code == 1 and "No Zalo bot is set" in done.output


async def _runs(desk: Desk) -> None:
    """As if a bot were running on the same database."""
    db = await Database.open(f"sqlite+aiosqlite:///{desk.file}")
    await take_lease(db, "poll:zalo:2000000001", "somebody", 60)
    await db.close()


# ── By webhook, behind a public address ─────────────────────────────────────────────────────────────────────────────


@pytest.fixture
def behind_a_door(on_zalo: Desk, monkeypatch: pytest.MonkeyPatch) -> Desk:
    port = free_port()
    monkeypatch.setenv("KETNAP_HTTP_PORT", str(port))
    monkeypatch.setenv("KETNAP_PUBLIC_URL", f"http://127.0.0.1:{port}")
    monkeypatch.setenv("KETNAP_WEBHOOK_SECRET", "a-secret-of-the-tests")
    return on_zalo


@pytest.mark.parametrize(
    ("switch", "question", "answer"),
    [
        ({}, "bodies of webhooks: flat or wrapped", "flat"),
        ({"body": "wrapped"}, "bodies of webhooks: flat or wrapped", "wrapped"),
        ({"body": "list"}, "bodies of webhooks: flat or wrapped", "wrapped, as a list"),
        ({}, "tried again after a webhook failed", "no"),
        ({"webhook_retries": 1}, "tried again after a webhook failed", "yes, 1 times"),
        ({"webhook_secret": "wrong"}, "what a webhook brings", "nothing that had our secret"),
        ({"webhook_secret": "missing"}, "what a webhook brings", "nothing that had our secret"),
        ({"webhook_secret": "empty"}, "what a webhook brings", "nothing that had our secret"),
        ({}, "setWebhook tells whether it reached us", "yes: webhook.ok, status 200"),
        (
            {"webhook_https_only": True},
            "setWebhook tells whether it reached us",
            "refused: 400 “The url must start with https”",
        ),
    ],
)
def test_webhooks_are_tried_where_there_is_a_public_address(
    behind_a_door: Desk, zalo: Emulator, switch: dict[str, Any], question: str, answer: str
) -> None:
    zalo.config(**switch)
    zalo.user(1, "Lan").says("xin chào")
    found = learned(behind_a_door)
    assert found[question].startswith(answer)
    assert zalo.stats()["calls"]["deleteWebhook"] == 2, "ours is ended again"


# ── The doctor itself ───────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("tokens", [1, 3])
def test_a_zalo_that_does_not_answer_is_told_within_fifteen_seconds(
    on_zalo: Desk, monkeypatch: pytest.MonkeyPatch, tokens: int
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        monkeypatch.setenv("KETNAP_ZALO_API_URL", f"http://127.0.0.1:{silent.getsockname()[1]}")
        monkeypatch.setenv(
            "KETNAP_ZALO_TOKEN", ",".join(f"20000000{number}:EMULATOR" for number in range(10, 10 + tokens))
        )
        began = time.monotonic()
        said = on_zalo("doctor")
        assert time.monotonic() - began < 15
    assert said.exit_code == 1
    assert said.output.count("WRONG  channel: zalo:20000000") == tokens
