import asyncio
from datetime import datetime
from typing import Any

import httpx
import pytest

from domain.calendar import ZONE
from domain.messages import Kind, Outgoing, Text
from door import trial
from door.loopback import is_loopback
from door.trial import Step, moment_after
from tests.door.conftest import FRIDAY
from tests.door.echo import HOSTILE_NAME, MENU, Echo, served

EVERYWHERE = "0.0.0.0"  # noqa: S104 - a name to refuse; nothing is bound to it

pytestmark = pytest.mark.anyio


async def say(page: httpx.AsyncClient, chat: str, text: str) -> None:
    answer = await page.post("/trial/say", json={"chat": chat, "text": text})
    assert answer.status_code == 200, answer.text


async def talk(page: httpx.AsyncClient, chat: str, after: int = 0) -> list[dict[str, Any]]:
    answer = await page.get("/trial/chat", params={"chat": chat, "after": after})
    return answer.json()["said"]


def words(said: dict[str, Any]) -> str:
    return "\n".join("".join(span["text"] for span in row) for row in said["lines"])


async def test_what_is_typed_reaches_hear_once_with_its_own_key(page: httpx.AsyncClient, echo: Echo) -> None:
    await say(page, "secretary-telegram", "chào")
    await say(page, "secretary-telegram", "chào")
    assert [one.text for one in echo.heard] == ["chào", "chào"]
    assert len({one.key for one in echo.heard}) == 2
    assert all(one.key.startswith("trial:demo:") for one in echo.heard)
    assert echo.heard[0].address.chat == "secretary-telegram"


async def test_the_talk_shows_the_question_before_its_answer(page: httpx.AsyncClient) -> None:
    await say(page, "secretary-telegram", "chào")
    said = await talk(page, "secretary-telegram")
    assert [(one["by_bot"], words(one)) for one in said] == [(False, "chào"), (True, "Đồng chí nhắn: chào")]


async def test_a_telegram_phone_has_buttons_that_carry_question_and_number(page: httpx.AsyncClient, echo: Echo) -> None:
    await say(page, "secretary-telegram", "kết nạp Na hôm qua")
    card = (await talk(page, "secretary-telegram"))[-1]
    assert card["buttons"][0] == {"label": "Lưu", "code": "12:1"}
    assert card["lines"][0] == [{"text": "Ghi kết nạp", "bold": True}]
    answer = await page.post("/trial/say", json={"chat": "secretary-telegram", "pressed": "12:1"})
    assert answer.status_code == 200
    assert (echo.heard[-1].kind, echo.heard[-1].pressed, echo.heard[-1].text) == (Kind.PRESS, "12:1", "")
    assert words((await talk(page, "secretary-telegram"))[-2]) == "Lưu"


async def test_a_zalo_phone_has_numbered_lines_and_no_markup(page: httpx.AsyncClient) -> None:
    await say(page, "secretary-zalo", "kết nạp Na hôm qua")
    card = (await talk(page, "secretary-zalo"))[-1]
    assert card["buttons"] == []
    assert words(card).endswith("\n\n1. Lưu\n2. Sửa\n3. Bỏ")
    assert not any(span["bold"] for row in card["lines"] for span in row)


async def test_only_a_telegram_phone_keeps_the_standing_keyboard(page: httpx.AsyncClient) -> None:
    for chat, menu in (("secretary-telegram", list(MENU)), ("secretary-zalo", [])):
        await say(page, chat, "/start")
        await say(page, chat, "chào")
        assert (await page.get("/trial/chat", params={"chat": chat})).json()["menu"] == menu


async def test_a_picture_or_voice_message_is_only_the_fact_that_it_was_sent(
    page: httpx.AsyncClient, echo: Echo
) -> None:
    for kind in ("photo", "voice"):
        assert (await page.post("/trial/say", json={"chat": "secretary-zalo", "kind": kind})).status_code == 200
    assert [one.kind for one in echo.heard] == [Kind.PHOTO, Kind.VOICE]


async def test_a_file_is_fetched_under_its_vietnamese_name(page: httpx.AsyncClient) -> None:
    await say(page, "organiser-telegram", "tệp")
    file = (await talk(page, "organiser-telegram"))[-1]["file"]
    answer = await page.get(f"/trial/file/{file['id']}")
    assert answer.content == b"PK-xlsx"
    assert answer.headers["content-disposition"] == ("attachment; filename*=UTF-8''b%C3%A1o%20c%C3%A1o%20%2211%22.xlsx")
    assert (await page.get("/trial/file/nothing")).status_code == 404


async def test_a_waiting_page_hears_at_once_that_another_phone_got_a_letter(
    page: httpx.AsyncClient, echo: Echo, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(trial, "WAIT_SECONDS", 600)

    async def wait() -> dict[str, Any]:
        answer = await page.get("/trial/chat", params={"chat": "secretary-zalo", "after": 0, "known": 0})
        return answer.json()

    waiting = asyncio.create_task(wait())
    await asyncio.sleep(0.1)
    assert not waiting.done()
    await echo.channel.send("monitor-telegram", Outgoing(((Text("Thư"),),), is_letter=True))
    news = await waiting
    assert news["unread"] == {"monitor-telegram": 1}


async def test_a_message_is_unread_until_the_page_asks_past_it(page: httpx.AsyncClient) -> None:
    await say(page, "secretary-telegram", "chào")
    number = (await talk(page, "secretary-telegram"))[-1]["number"]
    assert (await page.get("/trial/state")).json()["unread"] == {"secretary-telegram": 1}
    assert await talk(page, "secretary-telegram", after=number) == []
    assert (await page.get("/trial/state")).json()["unread"] == {}


async def test_moving_the_clock_brings_letters_marked_as_such(page: httpx.AsyncClient) -> None:
    answer = await page.post("/trial/clock", json={"step": "monday"})
    assert answer.json()["now"] == "2026-11-23T07:30:00+07:00"
    assert answer.json()["unread"] == {"monitor-telegram": 1, "monitor-zalo": 1}
    assert (await talk(page, "monitor-telegram"))[-1]["is_letter"] is True


@pytest.mark.parametrize(
    ("step", "now", "then"),
    [
        (Step.MONDAY, "2026-11-20 08:12", "2026-11-23 07:30"),
        (Step.MONDAY, "2026-11-23 07:00", "2026-11-23 07:30"),
        (Step.MONDAY, "2026-11-23 07:30", "2026-11-30 07:30"),
        (Step.MONDAY, "2026-12-28 12:00", "2027-01-04 07:30"),
        (Step.TOMORROW, "2026-11-20 08:12", "2026-11-21 07:30"),
        (Step.TOMORROW, "2026-12-31 00:10", "2027-01-01 07:30"),
        (Step.DAY, "2028-02-28 23:59", "2028-02-29 23:59"),
        (Step.MONTH, "2027-01-31 10:00", "2027-02-28 10:00"),
    ],
)
async def test_each_step_of_the_clock_leads_forward(step: Step, now: str, then: str) -> None:
    moment = moment_after(datetime.fromisoformat(now).replace(tzinfo=ZONE), step)
    assert moment == datetime.fromisoformat(then).replace(tzinfo=ZONE)


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({"to": "2026-12-01T09:00"}, 200),
        ({"to": "2026-11-20T08:12"}, 409),
        ({"to": "1926-11-20T08:12"}, 409),
        ({"to": "0001-01-01T00:00"}, 409),
        ({"to": "9999-12-31T23:59"}, 409),
        ({"to": "2026-12-01T09:00+07:00"}, 400),
        ({"to": "30/2/2027"}, 400),
        ({"step": "yesterday"}, 400),
        ({"step": "day", "to": "2026-12-01T09:00"}, 400),
        ({}, 400),
    ],
)
async def test_the_clock_takes_only_a_later_moment_within_five_years(
    page: httpx.AsyncClient, echo: Echo, body: dict[str, str], status: int
) -> None:
    assert (await page.post("/trial/clock", json=body)).status_code == status
    assert (echo.now() == FRIDAY) == (status != 200)


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"", 400),
        (b"[]", 400),
        (b"{", 400),
        (b"\xff\xfe", 400),
        (b"[" * 60_000, 400),
        (b'{"chat": "secretary-zalo"}', 400),
        (b'{"chat": "secretary-zalo", "text": ""}', 400),
        (b'{"chat": "secretary-zalo", "text": " \\n "}', 400),
        (b'{"chat": "secretary-zalo", "text": 5}', 400),
        (b'{"chat": "secretary-zalo", "text": "a\\u0000b"}', 400),
        (b'{"chat": "secretary-zalo", "text": "\\ud83d"}', 400),
        (b'{"chat": "secretary-zalo", "text": "a", "pressed": "1:1"}', 400),
        (b'{"chat": "secretary-zalo", "pressed": "1:1; drop"}', 400),
        (b'{"chat": "secretary-zalo", "kind": "blocked"}', 400),
        (b'{"chat": "secretary-zalo", "text": "a", "sender": "monitor"}', 400),
        (b'{"chat": "mayor-zalo", "text": "a"}', 404),
        (b'{"chat": "secretary-zalo", "text": "' + b"a" * 4097 + b'"}', 413),
        (b'{"chat": "secretary-zalo", "text": "' + b"a" * 70_000 + b'"}', 413),
    ],
)
async def test_what_no_phone_would_send_is_refused_and_not_heard(
    page: httpx.AsyncClient, echo: Echo, body: bytes, status: int
) -> None:
    answer = await page.post("/trial/say", content=body, headers={"content-type": "application/json"})
    assert answer.status_code == status
    assert echo.heard == []


@pytest.mark.parametrize("text", ["a" * 4096, "😀" * 4096, "Nguye\u0302\u0303n", "0", "<b>_*`", "\n.\n", "\u202edcba"])
async def test_any_text_that_a_phone_can_send_arrives_unchanged(page: httpx.AsyncClient, echo: Echo, text: str) -> None:
    await say(page, "secretary-zalo", text)
    assert echo.heard[0].text == text
    assert words((await talk(page, "secretary-zalo"))[0]) == text


async def test_what_could_not_be_kept_is_not_shown_as_said(page: httpx.AsyncClient, echo: Echo) -> None:
    echo.is_broken = True
    answer = await page.post("/trial/say", json={"chat": "secretary-zalo", "text": "chào"})
    assert answer.status_code == 500
    assert "disk" not in answer.text
    assert await talk(page, "secretary-zalo") == []


async def test_before_anybody_listens_the_page_is_told_to_wait(echo: Echo) -> None:
    async with served(echo, is_listening=False) as door, httpx.AsyncClient(trust_env=False) as client:
        answer = await client.post(
            f"{door}/trial/say", json={"chat": "secretary-zalo", "text": "chào"}, headers={"origin": door}
        )
    assert (answer.status_code, answer.json()) == (503, {"refused": "not_listening"})


async def test_a_name_that_leads_here_by_rebinding_is_refused(page: httpx.AsyncClient) -> None:
    for host in ("evil.example", "127.0.0.1.evil.example", "localhost.evil.example:8080", "10.0.0.4", "", "[", "@"):
        answer = await page.get("/", headers={"host": host})
        assert answer.status_code in (400, 403), host
    for host in ("localhost:8080", "[::1]:8080", "127.0.0.1"):
        assert (await page.get("/", headers={"host": host})).status_code == 200, host


async def test_another_site_cannot_speak_in_our_name(page: httpx.AsyncClient, door: str, echo: Echo) -> None:
    body = {"chat": "secretary-zalo", "text": "chào"}
    for origin in ("https://evil.example", "null", "http://localhost:1", door.replace("http:", "https:"), ""):
        assert (await page.post("/trial/say", json=body, headers={"origin": origin})).status_code == 403, origin
        assert (await page.post("/trial/clock", json={"step": "day"}, headers={"origin": origin})).status_code == 403
    async with httpx.AsyncClient(base_url=door, trust_env=False) as without_origin:
        assert (await without_origin.post("/trial/say", json=body)).status_code == 403
    assert (echo.heard, echo.now()) == ([], FRIDAY)


@pytest.mark.parametrize("path", ["/", "/trial/static/trial.js", "/trial/static/style.css", "/trial/state"])
async def test_every_answer_forbids_foreign_scripts_and_frames(page: httpx.AsyncClient, path: str) -> None:
    answer = await page.get(path)
    policy = answer.headers["content-security-policy"]
    assert answer.status_code == 200
    assert "default-src 'none'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "unsafe" not in policy
    assert answer.headers["x-content-type-options"] == "nosniff"


async def test_the_page_asks_nobody_else_for_anything(page: httpx.AsyncClient) -> None:
    for path in ("/", "/trial/static/trial.js", "/trial/static/style.css"):
        text = (await page.get(path)).text.replace("http://www.w3.org/2000/svg", "")
        assert "http:" not in text
        assert "https:" not in text
        assert "innerHTML" not in text


async def test_static_files_do_not_lead_out_of_their_folder(page: httpx.AsyncClient) -> None:
    for path in ("/trial/static/../trial.py", "/trial/static/%2e%2e/trial.py", "/trial/static/..%2ftrial.py"):
        assert (await page.get(path)).status_code == 404


async def test_names_travel_as_they_are_for_the_page_to_write_as_text(page: httpx.AsyncClient) -> None:
    state = (await page.get("/trial/state")).json()
    assert HOSTILE_NAME in [persona["name"] for persona in state["personas"]]
    assert state["personas"][0]["chats"] == {"telegram": "secretary-telegram", "zalo": "secretary-zalo"}


async def test_an_unknown_chat_or_a_strange_number_is_refused(page: httpx.AsyncClient) -> None:
    assert (await page.get("/trial/chat", params={"chat": "mayor-zalo"})).status_code == 404
    for after in ("-1", "x", "٣", "9" * 40):
        assert (await page.get("/trial/chat", params={"chat": "secretary-zalo", "after": after})).status_code == 400


async def test_stopping_does_not_wait_for_waiting_pages(echo: Echo, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(trial, "WAIT_SECONDS", 600)
    async with asyncio.timeout(60), httpx.AsyncClient(trust_env=False, timeout=600) as client:
        async with served(echo) as door:
            waiting = asyncio.create_task(client.get(f"{door}/trial/chat?chat=secretary-zalo&known=0"))
            await asyncio.sleep(0.2)
        await asyncio.gather(waiting, return_exceptions=True)


@pytest.mark.parametrize(
    ("host", "is_here"),
    [(host, True) for host in ("127.0.0.1", "127.8.8.8", "::1", "[::1]", "localhost")]
    + [(host, False) for host in (EVERYWHERE, "::", "10.0.0.4", "", "localhost.example.org")],
)
async def test_only_loopback_is_this_machine(host: str, is_here: bool) -> None:
    assert is_loopback(host) is is_here
