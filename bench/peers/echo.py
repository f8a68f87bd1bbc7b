"""A bare echo bot on python-telegram-bot, as its examples have it: says again what it hears, and keeps nothing."""

import sys

from httpx_aiohttp import AiohttpTransport
from telegram import Update
from telegram.ext import Application, CallbackQueryHandler, ContextTypes, MessageHandler, filters
from telegram.request import HTTPXRequest


async def echo(update: Update, _: ContextTypes.DEFAULT_TYPE) -> None:
    assert update.message is not None and update.message.text is not None
    await update.message.reply_text(update.message.text)


async def press(update: Update, _: ContextTypes.DEFAULT_TYPE) -> None:
    assert update.callback_query is not None and update.effective_chat is not None
    await update.callback_query.answer()
    await update.effective_chat.send_message(update.callback_query.data or "")


def main(token: str, url: str, *flags: str) -> None:
    """`concurrent`: updates side by side. `aiohttp`: on its transport."""
    builder = Application.builder().token(token).base_url(f"{url}/bot")
    if "concurrent" in flags:
        builder = builder.concurrent_updates(concurrent_updates=True)
    if "aiohttp" in flags:
        builder = builder.request(
            HTTPXRequest(connection_pool_size=256, httpx_kwargs={"transport": AiohttpTransport()})
        ).get_updates_request(HTTPXRequest(httpx_kwargs={"transport": AiohttpTransport()}))
    application = builder.build()
    application.add_handler(MessageHandler(filters.TEXT, echo))
    application.add_handler(CallbackQueryHandler(press))
    application.run_polling()


if __name__ == "__main__":
    main(*sys.argv[1:])
