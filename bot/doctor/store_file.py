"""Opens the store as it would be used, beside whoever else has it open, and closes it again."""

from bot.conversations.storage.store import Store
from bot.doctor.checks import Check, failed
from bot.errors import SettingsError, StoreError
from bot.settings import Settings, store_of_kaia


async def check_store(settings: Settings) -> Check:
    try:
        url = store_of_kaia(settings)
        store = await Store.open(url, exclusive=False)
    except (StoreError, SettingsError) as error:
        return failed("store", str(error))
    try:
        return Check("store", "ok", f"{store.database.name} can be written.")
    finally:
        await store.close()
