"""What is kept of the erased tells nobody who they were, and knows them again all the same."""

from __future__ import annotations

import asyncio
from pathlib import Path

import asyncpg
import pytest

from earful.accounts.keys import PLACES, rotate_batch
from earful.accounts.secrets import Keyring
from earful.desk import marks, privacy
from earful.desk.erasures import complete_list, erase_again, keep_erasure, read_erasures
from earful.media.files import MediaFiles
from earful.store.erasure_copies import FILE
from earful.store.errors import StoreError
from tests.cast import CAROL, DAVE, Cast, post
from tests.desk.acts import card_of, home_of, rows, take

OLD, NEW = "the first key of these tests, long enough", "the second key of these tests, too"
FIRST = "at://did:carol/p1"


async def erase(cast: Cast, external_id: str = FIRST) -> privacy.Erased:
    contact_id = (await card_of(cast, await home_of(cast, external_id))).contact.id
    async with cast.works.open(cast.workspace_id, cast.alice) as work:
        return await privacy.erase_person(work, contact_id)


async def stays_out(cast: Cast) -> bool:
    """Whether a repeat of her post brings nothing back."""
    before = await rows(cast, "SELECT FROM message")
    await take(cast, post(FIRST))
    return len(await rows(cast, "SELECT FROM message")) == len(before)


def guesses(cast: Cast) -> set[str]:
    """What somebody with the database and a list of all handles and posts can work out."""
    key = cast.workspace_id
    return {
        marks.mark_of_before(key, "rehearsal", id_, between).hex()
        for id_ in (CAROL.external_id, FIRST)
        for between in ("\0", "\n")
    }


async def kept(cast: Cast) -> set[str]:
    """All hashes that an erasure left in the database."""
    found = await rows(
        cast,
        """SELECT encode(unnest(handles), 'hex') AS one FROM erasure
           UNION SELECT substr(external_id, 8) FROM accepted WHERE external_id LIKE 'erased:%'""",
    )
    return {row["one"] for row in found}


async def test_nobody_is_found_by_hashing_every_handle_and_post(cast: Cast) -> None:
    cast.works.vault = Keyring([OLD])
    await take(cast, post(FIRST))
    await erase(cast)
    assert len(await kept(cast)) == 2
    assert not await kept(cast) & guesses(cast)
    assert await stays_out(cast)


async def test_hashes_of_before_are_still_known(cast: Cast, tmp_path: Path) -> None:
    await take(cast, post(FIRST), post("d1", author=DAVE))
    await erase(cast)
    assert await kept(cast) <= guesses(cast)
    cast.works.vault = Keyring([OLD])
    assert await stays_out(cast)
    await erase(cast, "d1")  # now there is a key
    assert await stays_out(cast)


async def test_they_are_known_after_the_secret_key_was_changed(cast: Cast, tmp_path: Path) -> None:
    cast.works.vault = Keyring([OLD])
    await take(cast, post(FIRST))
    keep_erasure(tmp_path, (await erase(cast)).erasure)
    async with cast.database.transaction() as db:
        for place in PLACES:
            await rotate_batch(db, Keyring([NEW, OLD]), place)
        await complete_list(db, tmp_path)
        await complete_list(db, tmp_path)
    cast.works.vault = Keyring([NEW])
    assert await stays_out(cast)
    before, after = read_erasures(tmp_path / FILE)
    assert before.handles == after.handles
    assert before.key != after.key


async def test_two_first_erasures_at_once_share_a_key(cast: Cast) -> None:
    cast.works.vault = Keyring([OLD])
    await take(cast, post(FIRST), post("d1", author=DAVE))
    one, other = await asyncio.gather(erase(cast), erase(cast, "d1"))
    assert one.erasure.key == other.erasure.key != ""


async def test_a_backup_older_than_the_key_is_erased_again_and_refused_without_it(
    cast: Cast, owner: asyncpg.Connection[asyncpg.Record], tmp_path: Path
) -> None:
    cast.works.vault = Keyring([OLD])
    await take(cast, post(FIRST))
    handle = await rows(cast, "SELECT * FROM contact_handle")
    erasure = (await erase(cast)).erasure
    # As the backup had it: she is there, and the key is not.
    await owner.execute("DELETE FROM secret; DELETE FROM erasure")
    await owner.execute(
        "INSERT INTO contact_handle (workspace_id, network, external_id, contact_id, handle, name) "
        "VALUES ($1, $2, $3, $4, $5, $6)",
        *list(handle[0].values())[:6],
    )
    media = MediaFiles(tmp_path)
    for vault in (None, Keyring([NEW])):
        with pytest.raises(StoreError, match="without its secret key"):
            async with owner.transaction():
                await erase_again(owner, [erasure], media, cast.time.now, vault)
    async with owner.transaction():
        assert await erase_again(owner, [erasure], media, cast.time.now, Keyring([OLD, NEW])) == 1
    assert await rows(cast, "SELECT FROM contact_handle") == []
    assert erasure.handles[0] in await kept(cast), "the key is the same as ever"
