"""Fills a desk with messages of the past, quickly: constraints and indexes after the rows.

All of it is one transaction on tables that it empties first, which a server with `wal_level`
minimal writes to no log.
"""

from __future__ import annotations

from itertools import product

from earful.bench.ground import Ground
from earful.bench.say import say
from earful.intake.channel import Channel
from earful.kit.search import indexable
from earful.networks.rehearsal.recorded import conversations, retold
from earful.store.opening import owner_connection
from earful.store.pool import Connection

PER_CONVERSATION = 4
CHUNK = 500_000
TABLES = ["message", "accepted", "conversation", "contact", "contact_handle", "clock"]
TONGUES = (
    (
        "我的订单|这个账号|你们的应用",
        "还没有到|打不开|一直出错|被取消了",
        "请帮忙。|怎么回事？|太失望了！",
    ),
    (
        "注文|アカウント|アプリ",
        "が届きません|が開けません|のエラーが続く",
        "。助けてください|。どうなっていますか？",
    ),
    (
        "주문이 |계정이 |앱이 ",
        "오지 않아요|열리지 않아요|계속 오류가 나요",
        ". 도와주세요|. 왜 그런가요?",
    ),
    (
        "คำสั่งซื้อ|บัญชี|แอป",
        "ยังไม่มา|เปิดไม่ได้|ขัดข้อง",
        " ช่วยด้วย| ทำไม",
    ),
    (
        "طلبي |حسابي |التطبيق ",
        "لم يصل|لا يفتح|فيه خطأ",
        ". ساعدوني|، ما السبب؟",
    ),
    (
        "Мой заказ |Мой аккаунт |Приложение ",
        "не пришёл|не открывается|выдаёт ошибку",
        ". Помогите|. В чём дело?",
    ),
)
"""Whom, what and how, in six scripts; every third text names the order in English too."""


async def fill(on: Ground, channel: Channel, messages: int, open_share: float = 0.04) -> None:
    """`messages` in conversations of four, over the last 400 days; `open_share` of them open."""
    if messages <= 0:
        return
    async with owner_connection(on.store.addresses) as db:
        say(f"filling in {messages:,} messages")
        await _texts(db)
        async with db.transaction():
            await db.execute("SET LOCAL maintenance_work_mem = '512MB'")
            await db.execute("SET LOCAL work_mem = '128MB'")
            await db.execute(f"TRUNCATE {', '.join(TABLES)}")
            again = await _bare(db)
            await _rows(db, on, channel, messages, open_share)
            for statement in again:
                say(f"  {statement.split(' USING ')[0].lower()}")
                await db.execute(statement)
        await db.execute("DROP TABLE past_text")
        say("  looked over")
        await db.execute(f"VACUUM ANALYZE {', '.join(TABLES)}")


async def _rows(
    db: Connection, on: Ground, channel: Channel, messages: int, open_share: float
) -> None:
    done, total = 0, -(-messages // PER_CONVERSATION)
    places = (on.workspace_id, channel.id, channel.inbox_id)
    while done < total:
        last = min(total, done + CHUNK // PER_CONVERSATION)
        await db.execute(_PAST, done, last, total, open_share, *places)
        for statement in _FROM_PAST:
            await db.execute(statement)
        done = last
        say(f"  {min(messages, done * PER_CONVERSATION):,} messages")


async def _texts(db: Connection) -> None:
    """The recorded words, and some in other scripts, each with the words it is found by."""
    said = [text for each in conversations() for text in (*each.opening, *each.later)]
    texts = [retold(text, "Northwind", "Northwind", lambda mask: f"friend_{mask}") for text in said]
    for parts in TONGUES:
        made = ("".join(words) for words in product(*(part.split("|") for part in parts)))
        texts += [text if n % 3 else f"{text} @Northwind order" for n, text in enumerate(made)]
    await db.execute("DROP TABLE IF EXISTS past_text")
    await db.execute("CREATE UNLOGGED TABLE past_text (n integer PRIMARY KEY, t text, s tsvector)")
    await db.execute(
        """INSERT INTO past_text SELECT ordinality - 1, t, to_tsvector('simple', s)
           FROM unnest($1::text[], $2::text[]) WITH ORDINALITY AS x (t, s)""",
        texts,
        [indexable(text) for text in texts],
    )
    await db.execute("ANALYZE past_text")


async def _bare(db: Connection) -> list[str]:
    """Drop keys, references and indexes of the tables. Returns what makes them again, in order."""
    keys = await db.fetch(
        """SELECT conrelid::regclass::text AS owner, conname AS name,
             pg_get_constraintdef(oid) AS made_by
           FROM pg_constraint WHERE conrelid = ANY($1::text[]::regclass[]) AND contype IN ('p', 'f')
           ORDER BY contype""",
        TABLES,
    )
    for key in keys:
        await db.execute(f"ALTER TABLE {key['owner']} DROP CONSTRAINT {key['name']}")
    rows = await db.fetch(
        """SELECT indexrelid::regclass::text AS name, pg_get_indexdef(indexrelid) AS made_by
           FROM pg_index WHERE indrelid = ANY($1::text[]::regclass[])""",
        TABLES,
    )
    for row in rows:
        await db.execute(f"DROP INDEX {row['name']}")
    made = [f"ALTER TABLE {k['owner']} ADD CONSTRAINT {k['name']} {k['made_by']}" for k in keys]
    return [*reversed(made), *(row["made_by"] for row in rows)]


_PAST = """
CREATE TEMP TABLE past AS
SELECT g.n, uuidv7(g.age) AS id, uuidv7(g.age) AS contact_id, now() + g.age AS at,
  (g.n * 7919) % 1000 < $4::float8 * 1000 AS open, t.t AS text,
  $5::uuid AS workspace_id, $6::uuid AS channel_id, $7::uuid AS inbox_id
FROM (SELECT n, -(($3::bigint - n) * (interval '400 days' / $3::bigint)) AS age
      FROM generate_series($1::bigint + 1, $2::bigint) AS n) AS g
JOIN past_text t ON t.n = (g.n * 31) % (SELECT count(*) FROM past_text)
ORDER BY g.n
"""

_FROM_PAST = (
    """INSERT INTO contact (workspace_id, id, name, created_at)
       SELECT workspace_id, contact_id, 'Past ' || n, at FROM past""",
    """INSERT INTO contact_handle (workspace_id, network, external_id, contact_id, handle, name)
       SELECT workspace_id, 'rehearsal', 'past-' || n, contact_id, 'past' || n, 'Past ' || n
       FROM past""",
    """INSERT INTO conversation (workspace_id, id, inbox_id, channel_id, network, status, severity,
         contact_id, contact_name, contact_handle, preview, unanswered, opened_at, last_message_at,
         waiting_since, clock_started_at, due_at, disposition)
       SELECT workspace_id, id, inbox_id, channel_id, 'rehearsal',
         CASE WHEN open THEN 'open' ELSE 'resolved' END, 2 + n % 4, contact_id, 'Past ' || n,
         'past' || n, left(text, 240), CASE WHEN open THEN 4 ELSE 0 END, at, at,
         CASE WHEN open THEN at END, CASE WHEN open THEN at END,
         CASE WHEN open THEN now() + (1 + n % 90) * interval '1 day' END,
         CASE WHEN open THEN NULL ELSE 'solved' END
       FROM past""",
    """INSERT INTO clock (workspace_id, id, conversation_id, kind, started_at, due_at, next_at,
         met_at, stopped_at)
       SELECT workspace_id, uuidv7(at - now()), id, 'first_response', at,
         CASE WHEN open THEN now() + (1 + n % 90) * interval '1 day'
           ELSE at + interval '10 min' END,
         CASE WHEN open THEN now() + (1 + n % 90) * interval '1 day' END,
         CASE WHEN open THEN NULL ELSE at END, CASE WHEN open THEN NULL ELSE at END FROM past""",
    """CREATE TEMP TABLE past_message AS
       SELECT p.workspace_id, p.id AS conversation_id, p.contact_id, p.n, k,
         uuidv7(p.at - now()) AS id, p.at + k * interval '1 min' AS at, p.open, t.t AS text,
         t.s AS search
       FROM past p CROSS JOIN generate_series(0, 3) AS k
       JOIN past_text t ON t.n = (p.n * 31 + k * 17) % (SELECT count(*) FROM past_text)""",
    """INSERT INTO message (workspace_id, id, conversation_id, direction, visibility, author_kind,
         author_id, author_name, author_handle, text, network, external_id, published_at,
         received_at, disposition, settled_at, search)
       SELECT workspace_id, id, conversation_id, 'incoming', 'public', 'contact', contact_id,
         'Past ' || n, 'past' || n, text, 'rehearsal', 'past-' || n || '-' || k, at, at,
         CASE WHEN open THEN NULL ELSE 'answered' END, CASE WHEN open THEN NULL ELSE at END,
         to_tsvector('simple', 'past' || n) || search
       FROM past_message ORDER BY n, k""",
    """INSERT INTO accepted (workspace_id, network, external_id, message_id)
       SELECT workspace_id, 'rehearsal', 'past-' || n || '-' || k, id FROM past_message""",
    "DROP TABLE past, past_message",
)
