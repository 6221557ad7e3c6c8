"""Pure: what somebody wrote anew, told from what the mail repeats and from a signature."""

from __future__ import annotations

import re

_MOST_LINES = 20_000
_WROTE = (
    r"wrote|writes|schrieb|schreef|a écrit|escribió|ha scritto|escreveu|skrev|kirjoitti|"
    r"napisał(?:\(a\))?|napsal(?:\(a\))?|написал(?:\(а\))?|pisze|írta|yazdı|写道|書きました"
)
_ATTRIBUTION = re.compile(
    r"^\s*(?:on|am|le|el|il|op|em|den|pe|dne|w dniu|w dn\.|vào|在|.{0,60}\d{4}).{0,400}?"
    rf"(?:{_WROTE}).{{0,200}}[:：]\s*$",
    re.IGNORECASE | re.DOTALL,
)
_WROTE_WORD = re.compile(_WROTE, re.IGNORECASE)
_RULE = re.compile(
    r"^\s*(?:-{2,}\s*(?:original message|forwarded message|ursprüngliche nachricht|"
    r"original-nachricht|weitergeleitete nachricht|message d'origine|message original|"
    r"mensaje original|messaggio originale|oorspronkelijk bericht|mensagem original|"
    r"oprindelig meddelelse|ursprungligt meddelande)\s*-{2,}|_{20,})\s*$",
    re.IGNORECASE,
)
_FROM = re.compile(r"^\s*\*?(?:from|von|de|da|van|fra|från|od)\s*:\*?\s*\S", re.IGNORECASE)
_HEADER = re.compile(
    r"^\s*\*?(?:sent|date|to|cc|subject|gesendet|datum|an|betreff|envoyé|à|objet|enviado|para|"
    r"asunto|inviato|data|a|oggetto|verzonden|aan|onderwerp|assunto|sendt|til|emne|skickat|till|"
    r"ämne)\s*:",
    re.IGNORECASE,
)
_PHONE = re.compile(
    r"^\s*(?:sent from my|sent from|get outlook for|von meinem|gesendet von|envoyé de mon|"
    r"enviado desde mi|inviato da|verzonden vanaf|skickat från|sendt fra)\b.{0,80}$",
    re.IGNORECASE,
)
_LONGEST_SIGNATURE = 15


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
    for number, line in enumerate(lines):
        if _RULE.match(line) and _tells_headers(lines, number + 1):
            return number
        if _FROM.match(line) and _tells_headers(lines, number):
            return number
        if _WROTE_WORD.search(line) and (start := _attribution(lines, number)) is not None:
            return start
    return _trailing(lines)


def _tells_headers(lines: list[str], number: int) -> bool:
    """Whether the head of another mail stands there, as Outlook repeats it."""
    near = [line for line in lines[number : number + 8] if line.strip()]
    return (
        bool(near) and bool(_FROM.match(near[0])) and sum(map(bool, map(_HEADER.match, near))) > 1
    )


def _attribution(lines: list[str], number: int) -> int | None:
    """The first line of `On …, X wrote:` that ends in line `number`, if only a quote follows."""
    for back in range(3):
        start = number - back
        if start < 0 or (back and not lines[start].strip()):
            return None
        said = " ".join(lines[start : number + 1])
        if not said.rstrip().endswith((":", "：")):
            said = " ".join(lines[start : number + 2])
        if _ATTRIBUTION.match(said):
            rest = [line for line in lines[number + 1 :] if line.strip()]
            if rest and not rest[0].lstrip().startswith(">"):
                # Its last words may stand on the next line; else it is a client without marks.
                rest = rest[1:] if rest[0].rstrip().endswith(":") else rest
            marked = [line for line in rest if line.lstrip().startswith(">")]
            return start if not marked or _all_quoted(rest) else None
    return None


def _all_quoted(rest: list[str]) -> bool:
    """Whether nothing new follows: signatures below a quote count as none."""
    below = 0
    for line in reversed(rest):
        if line.lstrip().startswith(">"):
            break
        below += 1
    tail = rest[len(rest) - below :]
    if tail and not tail[0].startswith("--") and not _PHONE.match(tail[0]):
        return False
    inner = rest[: len(rest) - below]
    return all(line.lstrip().startswith(">") for line in inner)


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
    return last - 1 if last and _PHONE.match(lines[last - 1]) else end
