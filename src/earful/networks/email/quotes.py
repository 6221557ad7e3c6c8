"""Pure: what somebody wrote anew, told from what the mail repeats and from a signature.

Every rule looks at a few short lines: however a mail is made up, it costs no more than its length.
"""

from __future__ import annotations

import re

import msgspec

_MOST_LINES = 20_000
_LONGEST = 500
"""Characters of the line, or the three, that say who wrote what is repeated."""
_COLONS = (":", "：")
_WROTE = re.compile(
    r"wrote|writes|schrieb|schreef|a écrit|escribi[óo]|ha scritto|escreveu|skrev|kirjoitti|"
    r"napisał|napsal|написал|пише|pisze|írta|yazdı|έγραψε|写道|寫道|書きました|のメール|님이 작성",
    re.IGNORECASE,
)
_BY_ADDRESS = re.compile(r"@[^\s<>@]+>\s*[:：]$")
_BEGINS = re.compile(
    r"(?:on|am|le|el|il|op|em|den|pe|dne|w dniu|w dn\.|στις|vào|在)\s", re.IGNORECASE
)
_DATED = re.compile(r"\d{4}|\d{1,2}[./-]\d{1,2}[./-]\d{2}")
_CLOCK = re.compile(r"\d{1,2}[:.h]\d{2}")
_RULE = re.compile(
    r"(?:-{2,}\s*(?:original message|forwarded message|ursprüngliche nachricht|"
    r"original-?nachricht|weitergeleitete nachricht|message d'origine|message original|"
    r"message transféré|mensaje original|mensaje reenviado|messaggio originale|messaggio inoltrato|"
    r"oorspronkelijk bericht|mensagem original|oprindelig meddelelse|ursprungligt meddelande|"
    r"(?:oryginalna )?wiadomość(?: oryginalna)?|původní zpráva|исходное сообщение|原始邮件|"
    r"元のメッセージ)\s*-{2,}|_{20,})",
    re.IGNORECASE,
)
_FROM = re.compile(
    r"\*?(?:from|von|de|da|van|fra|från|od|от|від|lähettäjä|feladó|kimden|发件人|寄件者|差出人|"
    r"보낸 사람)\s*[:：]\*?\s*\S",
    re.IGNORECASE,
)
_SUBJECT = re.compile(
    r"\*?(?:subject|betreff|objet|asunto|oggetto|onderwerp|assunto|emne|ämne|temat|předmět|тема|"
    r"aihe|tárgy|konu|主题|主旨|件名|제목)\s*[:：]",
    re.IGNORECASE,
)
_HEADER = re.compile(
    r"\*?(?:sent|date|to|cc|gesendet|datum|an|kopie|envoyé|à|copie|enviad[oa](?: el| em)?|fecha|"
    r"para|inviato|data|a|verzonden|aan|sendt|til|skickat|till|wysłano|wysłane|do|odesláno|komu|"
    r"отправлено|дата|кому|lähetetty|vastaanottaja|gönderme|kime|发送时间|日期|收件人|寄件日期|"
    r"收件者|送信日時|日付|宛先|보낸 날짜|받는 사람)\s*[:：]",
    re.IGNORECASE,
)
_PHONE = re.compile(
    r"(?:sent from|sent via|get outlook for|von meinem|gesendet von|gesendet mit|envoyé de mon|"
    r"envoyé depuis|enviado desde mi|enviado do meu|inviato da|verzonden vanaf|verstuurd vanaf|"
    r"wysłane z|skickat från|sendt fra|отправлено с)\b.{0,80}",
    re.IGNORECASE,
)
_LONGEST_SIGNATURE = 15


class _Marks(msgspec.Struct, frozen=True):
    """Where lines with `>` stand: the last of them (-1 for none), the last other line above that,
    and whether what is below them all is no more than a signature."""

    last: int
    other: int
    ends: bool


def new_text(text: str) -> str:
    """The part of `text` that was written for this mail.

    A quote is taken off the end only: whoever answers between the lines is shown with the lines.
    Where nothing would be left, all of it is the text.
    """
    lines = text.split("\n")
    if len(lines) > _MOST_LINES:
        return text.strip()
    end = _quote_begins(lines)
    end = _signature_begins(lines, end)
    kept = "\n".join(lines[:end]).strip()
    return kept or text.strip()


def _quote_begins(lines: list[str]) -> int:
    """Where the quote at the end begins; the number of lines if there is none."""
    marks = _marks(lines)
    for number, line in enumerate(lines):
        bare = _bare(line)
        if _RULE.fullmatch(bare) and _tells_headers(lines, number + 1):
            return number
        if (_FROM.match(bare) or _HEADER.match(bare)) and _tells_headers(lines, number):
            return number
        if bare.endswith(_COLONS) and (start := _said_by(lines, number, marks)) is not None:
            return start
    return _trailing(lines)


def _bare(line: str) -> str:
    """A line as the rules look at it: without spaces around, and not all of a long one."""
    return line[:_LONGEST].strip()


def _tells_headers(lines: list[str], number: int) -> bool:
    """Whether the head of another mail stands there, as Outlook and others repeat it.

    `From: here, To: there` alone are no such head: it has an address, or a subject.
    """
    head: list[str] = []
    for line in map(_bare, lines[number : number + 10]):
        if head and not line:
            break
        if line:
            head.append(line)
    by = next((line for line in head if _FROM.match(line)), "")
    others = sum(1 for line in head if _HEADER.match(line))
    subject = any(map(_SUBJECT.match, head))
    first = bool(head) and (head[0] == by or bool(_HEADER.match(head[0])))
    return bool(by) and first and ((subject and others > 0) or ("@" in by and others > 1))


def _said_by(lines: list[str], number: int, marks: _Marks) -> int | None:
    """The first line of `On …, X wrote:` that ends in line `number`, if only a quote follows."""
    if lines[number].lstrip().startswith(">"):
        return None
    marked = marks.last > number
    if marked and not (marks.other <= number and marks.ends):
        return None
    start: int | None = None
    for first in range(number, max(-1, number - 3), -1):
        if first < number and not lines[first].strip():
            break
        said = " ".join(line.strip() for line in lines[first : number + 1])
        if len(said) > _LONGEST:
            break
        if start is not None and (_BEGINS.match(lines[start].lstrip()) or not _BEGINS.match(said)):
            break
        if _is_attribution(said, marked=marked):
            start = first
    return start


def _is_attribution(said: str, *, marked: bool) -> bool:
    """Whether this says who wrote what follows. Where no `>` follows, only what a program wrote is
    taken for it: with a date, and a time or an address."""
    dated = bool(_DATED.search(said))
    by_program = dated and ("@" in said or bool(_CLOCK.search(said)))
    if not _WROTE.search(said):
        return by_program and bool(_BY_ADDRESS.search(said))
    return by_program or (marked and (dated or bool(_BEGINS.match(said))))


def _marks(lines: list[str]) -> _Marks:
    last = other = -1
    for number in range(len(lines) - 1, -1, -1):
        line = lines[number]
        if line.lstrip().startswith(">"):
            last = max(last, number)
        elif last >= 0 and line.strip():
            other = number
            break
    below = [line for line in lines[last + 1 :] if line.strip()]
    ends = not below or below[0].startswith("--") or bool(_PHONE.fullmatch(_bare(below[0])))
    return _Marks(last, other, ends)


def _trailing(lines: list[str]) -> int:
    """Where lines with `>` run to the end."""
    end = len(lines)
    while end and (not lines[end - 1].strip() or lines[end - 1].lstrip().startswith(">")):
        end -= 1
    return end


def _signature_begins(lines: list[str], end: int) -> int:
    """Where the signature at the end begins; `end` if there is none."""
    for number in range(end - 1, max(-1, end - 1 - _LONGEST_SIGNATURE), -1):
        if lines[number].rstrip("\r") in ("-- ", "--"):
            return number
    last = end
    while last and not lines[last - 1].strip():
        last -= 1
    return last - 1 if last and _PHONE.fullmatch(_bare(lines[last - 1])) else end
