"""The Zalo of the tests does what was measured of the real one; where nobody knows, each way can be chosen."""

import time
from typing import Any

import httpx
import pytest

from tests.platforms.client import Emulator


def call(zalo: Emulator, method: str, **parameters: Any) -> httpx.Response:
    return zalo.http.post(f"{zalo.base_url}{zalo.token}/{method}", json=parameters)


def test_success_carries_an_error_code_of_nought(zalo: Emulator) -> None:
    answer = call(zalo, "getMe")
    assert answer.json()["ok"] is True and answer.json()["error_code"] == 0
    assert isinstance(answer.json()["result"]["id"], str)


@pytest.mark.parametrize(("way", "status"), [("200", 200), ("same_as_code", 401)])
def test_an_error_comes_with_status_200_or_its_own(zalo: Emulator, way: str, status: int) -> None:
    zalo.config(error_http_status=way)
    answer = zalo.http.post(f"{zalo.base_url}1:WRONG/getMe")
    assert answer.status_code == status
    assert answer.json() == {"ok": False, "description": "Invalid token", "error_code": 401}


@pytest.mark.parametrize(
    ("method", "parameters", "code", "description"),
    [
        ("sendDocument", {}, 404, "Not Found"),
        ("getWebhookInfo", {}, 404, "Not Found"),
        ("sendMessage", {"text": "chào"}, 400, "Bad request: The chat_id must not be empty"),
        ("testWebhook", {}, 426, "Limit reached"),
        ("setWebhook", {"url": "http://127.0.0.1:9/", "secret_token": "short"}, 400, "8-256"),
    ],
)
def test_what_is_refused_is_refused_in_its_words(
    zalo: Emulator, method: str, parameters: dict[str, Any], code: int, description: str
) -> None:
    told = call(zalo, method, **parameters).json()
    assert told["error_code"] == code and description in told["description"]


def test_parameters_come_as_json_form_or_query(zalo: Emulator) -> None:
    chat = zalo.user(1).says("chào")["chat"]
    url = f"{zalo.base_url}{zalo.token}/sendMessage"
    told = {"chat_id": chat, "text": "một"}
    answers = [zalo.http.post(url, json=told), zalo.http.post(url, data=told), zalo.http.get(url, params=told)]
    assert all(answer.json()["ok"] for answer in answers)


@pytest.mark.parametrize(
    ("text", "is_taken"), [("x" * 2000, True), ("x" * 2001, False), ("🎉" * 1001, False), (" ", False)]
)
def test_a_text_has_2000_characters_at_most(zalo: Emulator, text: str, is_taken: bool) -> None:
    chat = zalo.user(1).says("chào")["chat"]
    assert call(zalo, "sendMessage", chat_id=chat, text=text).json()["ok"] is is_taken


def test_one_update_an_answer_and_each_only_once(zalo: Emulator) -> None:
    for text in ("một", "hai"):
        zalo.user(1).says(text)
    got = [call(zalo, "getUpdates", timeout="1").json()["result"]["message"]["text"] for _ in range(2)]
    began = time.monotonic()
    empty = call(zalo, "getUpdates", timeout=1)
    assert got == ["một", "hai"]
    assert time.monotonic() - began >= 1
    assert (empty.status_code, empty.json()["error_code"]) == (200, 408)


def test_or_the_same_again_for_a_while(zalo: Emulator) -> None:
    zalo.config(consume="replay", replay_times=2)
    for text in ("một", "hai"):
        zalo.user(1).says(text)
    got = [call(zalo, "getUpdates", timeout=1).json()["result"]["message"]["text"] for _ in range(4)]
    assert got == ["một", "một", "một", "hai"]


def test_an_update_can_be_lost_with_its_answer_or_while_nobody_polls(zalo: Emulator) -> None:
    zalo.fault("update", "lose", times=1)
    zalo.user(1).says("một")
    with pytest.raises(httpx.HTTPError):
        call(zalo, "getUpdates", timeout=1)
    zalo.config(lost_while_offline=True)
    zalo.user(1).says("hai")
    assert len(zalo.stats()["lost"]) == 2
    assert zalo.get("pending") == []


def test_nobody_polls_while_a_webhook_is_set_and_it_is_kept_although_it_is_not_reached(zalo: Emulator) -> None:
    told = call(zalo, "setWebhook", url="http://127.0.0.1:9/", secret_token="secret-of-the-tests").json()["result"]
    assert told["verification"]["outcome"] == "webhook.err.conn"
    assert "a webhook is set" in call(zalo, "getUpdates", timeout=1).json()["description"]
    assert call(zalo, "getWebhookInfo").json()["result"]["url"] == "http://127.0.0.1:9/"
    assert call(zalo, "deleteWebhook").json()["ok"]


def test_the_quota_ends_in_json_and_haste_in_a_page(zalo: Emulator) -> None:
    chat = zalo.user(1).says("chào")["chat"]
    zalo.config(quota=1)
    call(zalo, "sendMessage", chat_id=chat, text="một")
    assert call(zalo, "sendMessage", chat_id=chat, text="hai").json()["error_code"] == 429
    zalo.fault("sendMessage", "html", status=429, times=1)
    page = call(zalo, "sendMessage", chat_id=chat, text="ba")
    assert (page.status_code, page.headers["content-type"].split(";")[0]) == (429, "text/html")


def test_what_the_real_one_does_not_know_is_noted(zalo: Emulator) -> None:
    chat = zalo.user(1).says("chào")["chat"]
    call(zalo, "sendMessage", chat_id=chat, text="một", reply_markup={})
    assert zalo.stats()["unknown_fields"] == ["sendMessage.reply_markup"]


def test_a_choice_is_made_by_typing_its_number(zalo: Emulator) -> None:
    user = zalo.user(1)
    chat = user.says("chào")["chat"]
    call(zalo, "getUpdates", timeout=1)
    call(zalo, "sendMessage", chat_id=chat, text="Lưu chứ?\n\n4. Lưu\n5. Bỏ")
    user.taps("Bỏ")
    assert call(zalo, "getUpdates", timeout=1).json()["result"]["message"]["text"] == "5"
