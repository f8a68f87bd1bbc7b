"""The trial page as somebody uses it, in the system's own browser."""

import re
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from typing import Any

import pytest
from playwright.async_api import Browser, ConsoleMessage, Error, Page, Request, expect

from domain.messages import Outgoing
from tests.door.conftest import FRIDAY
from tests.door.echo import HOSTILE_NAME, PERSONAS, Echo, lines, served

_spec = spec_from_file_location("screenshots", Path(__file__).parents[2] / "docs" / "screenshots.py")
assert _spec is not None
assert _spec.loader is not None
screenshots: Any = module_from_spec(_spec)
_spec.loader.exec_module(screenshots)

pytestmark = [
    pytest.mark.anyio,
    pytest.mark.browser,
    pytest.mark.skipif(screenshots.chromium_path() is None, reason="no chromium on this machine"),
]

# For every text that can be seen: its size in px and its contrast with what lies behind it.
LEGIBILITY = """() => {
  const light = ([r, g, b]) => [r, g, b].map((v) => v / 255)
    .map((v) => (v <= 0.03928 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4))
    .reduce((sum, v, i) => sum + v * [0.2126, 0.7152, 0.0722][i], 0);
  const numbers = (color) => color.match(/[\\d.]+/g).map(Number);
  const behind = (element) => {
    const layers = [];
    for (let e = element; e; e = e.parentElement) {
      const [r, g, b, a = 1] = numbers(getComputedStyle(e).backgroundColor);
      if (a > 0) layers.push([r, g, b, a]);
      if (a === 1) break;
    }
    const over = (under, [r, g, b, a]) => [r, g, b].map((v, i) => v * a + under[i] * (1 - a));
    return layers.reverse().reduce(over, [245, 240, 232]);
  };
  const found = [];
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const element = walker.currentNode.parentElement;
    if (!walker.currentNode.textContent.trim() || !element.checkVisibility()) continue;
    if (element.closest(".hidden-label, .skip, script, noscript")) continue;
    const style = getComputedStyle(element);
    const [one, two] = [light(numbers(style.color)), light(behind(element))];
    const contrast = (Math.max(one, two) + 0.05) / (Math.min(one, two) + 0.05);
    found.push({ text: walker.currentNode.textContent, px: parseFloat(style.fontSize), contrast });
  }
  return found;
}"""
TARGETS = """() => [...document.querySelectorAll("button, a.file, summary, .skins label")]
  .filter((one) => one.checkVisibility())
  .map((one) => [one.textContent.trim() || one.ariaLabel, one.getBoundingClientRect().height])"""
UNNAMED = """() => [...document.querySelectorAll("button, input, textarea, a")].filter((one) => one.checkVisibility()
  && !(one.ariaLabel || one.textContent.trim() || one.labels?.length)).map((one) => one.outerHTML)"""


@pytest.fixture(scope="module")
async def browser() -> AsyncIterator[Browser]:
    """Started once; each test has a window of its own."""
    async with screenshots.chromium() as browser:
        yield browser


@pytest.fixture
async def phone(browser: Browser, door: str) -> AsyncIterator[Page]:
    """The page at 360 px; fails when the browser complains or somebody else is asked for anything."""
    complaints: list[str] = []
    foreign: list[str] = []

    def complain(message: ConsoleMessage) -> None:
        # The browser itself reports every refusal of ours as a failed resource.
        if message.type in ("error", "warning") and "status of 409" not in message.text:
            complaints.append(message.text)

    def watch(request: Request) -> None:
        if not request.url.startswith(door):
            foreign.append(request.url)

    def fail(error: Error) -> None:
        complaints.append(error.message)

    async with screenshots.opened(browser, door) as page:
        page.on("console", complain)
        page.on("pageerror", fail)
        page.on("request", watch)
        await page.reload()
        yield page
    assert complaints == []
    assert foreign == []


async def be(page: Page, key: str, skin: str = "telegram") -> None:
    await page.locator(f'.persona[data-key="{key}"]').click()
    await page.locator(f'[name="skin"][value="{skin}"]').check(force=True)


async def test_a_card_is_answered_by_tapping(phone: Page, echo: Echo) -> None:
    await be(phone, "secretary")
    await screenshots.say(phone, "kết nạp Trần Thị Na hôm qua")
    await screenshots.tap(phone, "Lưu")
    assert echo.heard[-1].pressed == "12:1"
    await expect(phone.locator(".from-bot").last).to_contain_text("Đã lưu. Số 128")
    await expect(phone.get_by_role("button", name="Lưu")).to_have_attribute("aria-pressed", "true")
    await expect(phone.locator(".is-press")).to_contain_text("Lưu")


async def test_a_card_is_answered_by_a_number_where_there_are_no_buttons(phone: Page, echo: Echo) -> None:
    await be(phone, "secretary", "zalo")
    await screenshots.say(phone, "kết nạp Trần Thị Na hôm qua")
    await expect(phone.locator(".from-bot").last).to_contain_text("1. Lưu")
    assert await phone.locator(".choices").count() == 0
    await screenshots.say(phone, "1")
    assert (echo.heard[-1].text, echo.heard[-1].address.chat) == ("1", "secretary-zalo")
    await expect(phone.locator(".from-bot").last).to_contain_text("Đã lưu")


async def test_the_standing_keyboard_stays_and_says_its_label(phone: Page, echo: Echo) -> None:
    await be(phone, "secretary")
    await phone.get_by_role("button", name="Bắt đầu").click()
    await phone.locator("#keyboard").get_by_role("button", name="Tiến độ").click()
    await expect(phone.locator(".from-bot")).to_have_count(2)
    assert [one.text for one in echo.heard] == ["/start", "Tiến độ"]
    await phone.get_by_role("button", name="Bàn phím việc thường làm").click()
    await expect(phone.locator("#keyboard")).to_be_hidden()


async def test_the_menu_lists_commands_and_sends_the_chosen_one(phone: Page, echo: Echo) -> None:
    await be(phone, "secretary")
    await phone.get_by_role("button", name="Lệnh và gửi tệp").click()
    await phone.locator("#commands button", has_text="/tiendo").click()
    await expect(phone.locator(".from-bot")).to_have_count(1)
    assert echo.heard[0].text == "/tiendo"


async def test_everything_is_reached_with_the_keyboard_alone(phone: Page, echo: Echo) -> None:
    await phone.locator(".persona").first.focus()
    await phone.keyboard.press("Enter")
    await expect(phone.locator("#empty")).to_be_visible()
    for _ in range(30):
        if await phone.evaluate("document.activeElement.id") == "draft":
            break
        await phone.keyboard.press("Tab")
    await phone.keyboard.type("dòng một")
    await phone.keyboard.press("Shift+Enter")
    await phone.keyboard.type("dòng hai")
    await phone.keyboard.press("Enter")
    await expect(phone.locator(".from-bot")).to_have_count(1)
    assert echo.heard[0].text == "dòng một\ndòng hai"
    assert await phone.evaluate("document.activeElement.id") == "draft"


async def test_moving_the_clock_shows_who_got_a_letter_and_the_letter_is_marked(phone: Page, echo: Echo) -> None:
    await be(phone, "secretary")
    await phone.get_by_role("button", name="Chỉnh đồng hồ tập dượt").click()
    await phone.get_by_role("button", name="Sáng thứ Hai tới").click()
    await expect(phone.locator("#clock-result")).to_have_text("Bây giờ là 07:30, Thứ Hai, 23/11/2026.")
    assert echo.now().isoformat() == "2026-11-23T07:30:00+07:00"
    await phone.get_by_role("button", name="Về trò chuyện").click()
    await expect(phone.locator("#others-unread")).to_have_text("2")
    badge, name = (
        await phone.locator("#others-unread").bounding_box(),
        await phone.locator(".bar strong").bounding_box(),
    )
    assert badge is not None and name is not None
    assert badge["x"] + badge["width"] <= name["x"], "the badge covers the name"
    await phone.get_by_role("button", name="Đổi vai").click()
    await expect(phone.locator('[data-persona="monitor"]')).to_have_text("2")
    await expect(phone.locator('[data-persona="secretary"]')).to_be_hidden()
    await be(phone, "monitor")
    await expect(phone.locator(".is-letter")).to_contain_text("Thư bot tự gửi")
    await expect(phone.locator('[data-skin-badge="zalo"]')).to_have_text("1")
    await phone.get_by_role("button", name="Đổi vai").click()
    await expect(phone.locator('[data-persona="monitor"]')).to_have_text("1")


async def test_the_clock_goes_to_a_chosen_moment_but_not_back(phone: Page, echo: Echo) -> None:
    await be(phone, "secretary")
    await phone.get_by_role("button", name="Chỉnh đồng hồ tập dượt").click()
    await phone.get_by_text("Chọn ngày giờ khác").click()
    await phone.locator("#moment").fill("2027-01-04T07:30")
    await phone.get_by_role("button", name="Chuyển", exact=True).click()
    await expect(phone.locator("#clock-result")).to_contain_text("Thứ Hai, 04/01/2027")
    await phone.evaluate("document.getElementById('clock-form').noValidate = true")
    await phone.locator("#moment").fill("2026-11-20T07:30")
    await phone.get_by_role("button", name="Chuyển", exact=True).click()
    await expect(phone.locator("#clock-result")).to_contain_text("không lùi")
    assert echo.now().year == 2027


async def test_hostile_names_and_texts_are_only_words(phone: Page, echo: Echo) -> None:
    title = await phone.title()
    await be(phone, "monitor")
    for text in (HOSTILE_NAME, "<script>document.title='hacked'</script>", "kết nạp " + HOSTILE_NAME):
        await screenshots.say(phone, text)
    await echo.channel.send("monitor-telegram", Outgoing(lines(HOSTILE_NAME), menu=(HOSTILE_NAME,)))
    await expect(phone.locator("#keyboard button")).to_have_text(HOSTILE_NAME)
    await expect(phone.locator(".from-me .words").first).to_have_text(HOSTILE_NAME)
    assert await phone.title() == title
    assert await phone.locator("#talk img, #talk script, #talk b, .persona img").count() == 0


async def test_a_file_is_kept_under_its_own_name_and_a_picture_is_seen(phone: Page) -> None:
    await be(phone, "organiser")
    await screenshots.say(phone, "tệp")
    async with phone.expect_download() as coming:
        await phone.locator("a.file").click()
    download = await coming.value
    assert re.sub(r"[\W_]", "", download.suggested_filename) == "báocáo11xlsx"
    assert (await download.path()).read_bytes() == b"PK-xlsx"
    await screenshots.say(phone, "ảnh")
    await phone.wait_for_function("document.querySelector('img.picture').naturalWidth === 640")


async def test_a_long_letter_is_read_from_its_first_line(phone: Page, echo: Echo) -> None:
    await be(phone, "secretary")
    await screenshots.say(phone, "chào")
    long = "\n".join(f"dòng {number}" for number in range(80))
    await echo.channel.send("secretary-telegram", Outgoing(lines(long), is_letter=True))
    await expect(phone.locator(".is-letter .letter-mark")).to_be_in_viewport()
    await phone.get_by_role("button", name="Xem tiếp bên dưới").click()
    await expect(phone.locator(".is-letter time")).to_be_in_viewport()


async def test_what_was_not_taken_stays_in_the_field(browser: Browser, echo: Echo) -> None:
    async with served(echo, is_listening=False) as door, screenshots.opened(browser, door) as page:
        await be(page, "secretary")
        await page.get_by_label("Tin nhắn").fill("kết nạp Na hôm qua")
        await page.get_by_role("button", name="Gửi", exact=True).click()
        await expect(page.locator("#notice")).to_contain_text("đang khởi động")
        await expect(page.get_by_label("Tin nhắn")).to_have_value("kết nạp Na hôm qua")


async def test_a_page_left_open_finds_the_program_again_after_a_restart(browser: Browser, echo: Echo) -> None:
    async with AsyncExitStack() as open_page:
        async with served(echo) as door:
            page: Page = await open_page.enter_async_context(screenshots.opened(browser, door))
            await be(page, "secretary")
            await screenshots.say(page, "chào")
        await expect(page.locator("#notice")).to_contain_text("Mất liên lạc")
        async with served(Echo(FRIDAY), port=int(door.rsplit(":", 1)[1])):
            await expect(page.locator("#empty")).to_be_visible(timeout=10_000)
            await screenshots.say(page, "chào lại")


@pytest.mark.parametrize("size", [(360, 740), (820, 1100), (1280, 800)])
async def test_everything_fits_is_legible_and_can_be_hit(
    browser: Browser, door: str, echo: Echo, size: tuple[int, int]
) -> None:
    async with screenshots.opened(browser, door, size) as page:
        await echo.move_clock(FRIDAY)
        await inspect(page)
        await be(page, "secretary")
        await inspect(page)
        await page.get_by_role("button", name="Bắt đầu").click()
        await screenshots.say(page, "kết nạp Trần Thị Na hôm qua")
        await screenshots.tap(page, "Lưu")
        await screenshots.say(page, "tệp")
        await screenshots.say(page, "N" * 300)
        await inspect(page)
        await page.locator("#to-more").click()
        await inspect(page)
        if size[0] < 780:
            await page.get_by_role("button", name="Chỉnh đồng hồ tập dượt").click()
        await page.get_by_text("Chọn ngày giờ khác").click()
        await inspect(page)
        if size[0] < 780:
            await page.get_by_role("button", name="Về trò chuyện").click()
            await page.get_by_role("button", name="Đổi vai").click()
        await be(page, "monitor", "zalo")
        await page.locator(".is-letter").wait_for()
        await screenshots.say(page, "chào")
        await inspect(page)


async def inspect(page: Page) -> None:
    await page.locator("#typing").wait_for(state="hidden")
    texts = await page.evaluate(LEGIBILITY)
    assert len(texts) > 5
    assert [one for one in texts if one["px"] < 16] == []
    assert [one for one in texts if one["contrast"] < 4.5] == []
    assert [one for one in await page.evaluate(TARGETS) if one[1] < 44] == []
    assert await page.evaluate(UNNAMED) == []
    assert await page.evaluate("document.documentElement.scrollWidth <= innerWidth")


async def test_the_five_pictures_of_the_docs_are_taken(door: str, tmp_path: Path) -> None:
    files = await screenshots.take(door, tmp_path / "pictures")
    assert [file.exists() for file in files] == [True] * 5
    assert len({file.read_bytes() for file in files}) == 5


async def test_every_persona_can_be_chosen_and_is_kept_in_the_address(phone: Page) -> None:
    for persona in PERSONAS:
        await be(phone, persona.key, "zalo")
        assert phone.url.endswith(f"#{persona.key}-zalo")
        await phone.reload()
        await expect(phone.locator("#being")).to_contain_text(persona.title)
        await phone.get_by_role("button", name="Đổi vai").click()
