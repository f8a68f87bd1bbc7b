"""Pictures of five moments of the trial page on a small phone: `python docs/screenshots.py BASE_URL [FOLDER]`."""

import asyncio
import shutil
import sys
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from pathlib import Path

from playwright.async_api import Browser, Page, async_playwright

SMALL_PHONE = (360, 740)
CHROMIUM_ARGUMENTS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
PICTURES = ("1-chon-vai", "2-the-ket-nap", "3-tra-loi-so", "4-dong-ho", "5-thu-thu-hai")


def chromium_path() -> str | None:
    """Where the system's chromium stands, if it has one."""
    return shutil.which("chromium")


@asynccontextmanager
async def chromium() -> AsyncGenerator[Browser]:
    """The system's browser, without a window."""
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=chromium_path(), args=list(CHROMIUM_ARGUMENTS))
        try:
            yield browser
        finally:
            await browser.close()


@asynccontextmanager
async def opened(browser: Browser, url: str, size: tuple[int, int] = SMALL_PHONE) -> AsyncGenerator[Page]:
    """A page of that size in a browser window of its own."""
    width, height = size
    context = await browser.new_context(
        viewport={"width": width, "height": height},
        device_scale_factor=2,
        is_mobile=width < 780,
        has_touch=width < 780,
        locale="vi-VN",
    )
    try:
        page = await context.new_page()
        await page.goto(url)
        await page.locator(".persona").first.wait_for(state="attached")
        yield page
    finally:
        await context.close()


async def say(page: Page, text: str) -> None:
    """Type a message, send it and wait for what the bot answers."""
    answers = await page.locator(".from-bot").count()
    await page.get_by_label("Tin nhắn").fill(text)
    await page.get_by_role("button", name="Gửi", exact=True).click()
    await answered(page, answers)


async def tap(page: Page, label: str) -> None:
    """Tap the newest button of that name and wait for what the bot answers."""
    answers = await page.locator(".from-bot").count()
    await page.locator(".choices button", has_text=label).last.click()
    await answered(page, answers)


async def answered(page: Page, answers: int) -> None:
    await page.locator(".from-bot").nth(answers).wait_for()
    await page.locator("#typing").wait_for(state="hidden")


async def take(base_url: str, folder: Path) -> list[Path]:
    """Go through the five moments and keep a picture of each."""
    files = [folder / f"{name}.png" for name in PICTURES]
    async with chromium() as browser, opened(browser, base_url) as page:
        await page.screenshot(path=files[0])

        await page.locator(".persona", has_text="Bí thư").first.click()
        await page.get_by_role("button", name="Bắt đầu").click()
        await answered(page, 0)
        await say(page, "kết nạp Trần Thị Na hôm nay")
        await page.screenshot(path=files[1])

        await page.get_by_role("radio", name="Zalo").check(force=True)
        await say(page, "kết nạp Lò Văn Páo hôm nay")
        await say(page, "1")
        await page.screenshot(path=files[2])

        await page.get_by_role("button", name="Chỉnh đồng hồ tập dượt").click()
        await page.get_by_role("button", name="Sáng thứ Hai tới").click()
        await page.locator("#waiting button").first.wait_for()
        await page.screenshot(path=files[3])

        await page.locator("#waiting button").first.click()
        await page.locator(".is-letter").first.wait_for()
        await page.screenshot(path=files[4])
    return files


if __name__ == "__main__":
    asyncio.run(take(sys.argv[1], Path(sys.argv[2] if len(sys.argv) > 2 else "docs/pictures")))
