"""Which language a text is in: by its letters, and for Latin ones by its smallest words.

Short posts are told by two words or more ("unknown" rather than a guess): what hangs on it is which
texts and which colleague somebody is offered.
"""

from __future__ import annotations

import re
from unicodedata import normalize

MOST = 1000
"""Characters that are looked at."""
_NAMES = re.compile(r"https?://\S+|www\.\S+|[@#]\w+")
_WORD = re.compile(r"[^\W\d_]+(?:'[^\W\d_]+)?")
_SCRIPTS: tuple[tuple[str, re.Pattern[str]], ...] = tuple(
    (code, re.compile(f"[{letters}]"))
    for code, letters in (
        ("ja", "\u3040-\u30ff"),
        ("ko", "\uac00-\ud7af\u1100-\u11ff"),
        ("zh", "\u4e00-\u9fff\u3400-\u4dbf"),
        ("uk", "іїєґІЇЄҐ"),
        ("ru", "\u0400-\u04ff"),
        ("el", "\u0370-\u03ff"),
        ("ar", "\u0600-\u06ff"),
        ("he", "\u0590-\u05ff"),
        ("hi", "\u0900-\u097f"),
        ("th", "\u0e00-\u0e7f"),
    )
)
_SMALL = {
    "en": "the and is are was you your my i'm i've it to of for not have has had with this that do "
    "don't can't what why when how been they we but me no on at please thanks still just from be "
    "get where order again never will would could i a in can an as if so out up all "
    "or by about after",
    "de": "in der die das und ist nicht ich sie ihr euch mein meine mit auf ein eine "
    "einen für seit "
    "noch keine kein wird werden habe hat wie warum wann bitte danke auch aber immer schon was wir "
    "es zu von im den dem mir mich ihre haben kann",
    "fr": "le la les et est pas je vous votre vos mon ma mes que qui pour dans avec sur une des du "
    "depuis toujours j'ai c'est bonjour merci mais suis encore ne ce au aux nous pourquoi quand "
    "comment il de en un plus",
    "es": "en a el la los las y es no que de mi su por para con una un del me lo se "
    "ya pero está desde "
    "cuando cómo qué hola gracias muy más he ha todavía tengo puedo mis al sin porque nadie llevo",
    "it": "in a il la lo gli e è non che di mio mia per con una un del della mi si "
    "ma sono da ho ha "
    "come quando perché ciao grazie più ancora vostro vostra nel alla questo anche nessuno dei le",
    "nl": "de het een en is niet ik je jullie mijn van voor met op dat dit maar nog geen wel naar "
    "heb heeft hoe waarom wanneer graag bedankt ook al kan er wordt zijn we te steeds aan in",
    "pt": "o a os as e é não que de meu minha por para com uma um do da dos no na me se já mas "
    "está desde quando como olá obrigado obrigada muito mais ainda tenho vocês eu isso "
    "sem você ninguém",
    "pl": "i w nie się na jest to z do że jak co po za od dla mój moja moje już jeszcze czy mam "
    "proszę dziękuję dlaczego kiedy ale tylko jestem przez nadal mi jestem wciąż nikt być",
}  # fmt: skip
_TOLD: dict[str, list[str]] = {}
for _code, _words in _SMALL.items():
    for _word in dict.fromkeys(_words.split()):
        _TOLD.setdefault(_word, []).append(_code)
_CODES = tuple(_SMALL)
_OF = {
    word: tuple((code in codes) / len(codes) for code in _CODES) for word, codes in _TOLD.items()
}
"""For each small word what it weighs for each language: less, the more of them have it."""
_NO_WORD = (0.0,) * len(_CODES)
_LETTERS = {
    "ß": "de", "ñ": "es", "¿": "es", "¡": "es", "ã": "pt", "õ": "pt", "ł": "pl", "ż": "pl",
    "ź": "pl", "ś": "pl", "ą": "pl", "ę": "pl", "ć": "pl", "œ": "fr", "ù": "fr", "ê": "fr",
    "ì": "it", "ò": "it", "ü": "de", "ä": "de", "ö": "de", "è": "fr",
}  # fmt: skip
LEAST = 1.0
"""What small words and letters must weigh together; one that only one language has weighs 1."""


def language(text: str) -> str:
    """The ISO 639-1 code of a text's language; empty where it can't be told."""
    said = text[:MOST].lower()
    if not said.isascii():
        said = normalize("NFC", text[:MOST]).replace("’", "'").lower()
    if "@" in said or "#" in said or "://" in said or "www." in said:
        said = _NAMES.sub(" ", said)
    words = _WORD.findall(said)
    total = sum(map(len, words))
    if not total:
        return ""
    if not said.isascii() and (code := _by_script(said, total)):
        return code
    told = [_OF[word] for word in words if word in _OF]
    weights: list[float] = list(map(sum, zip(_NO_WORD, *told, strict=True)))
    if not said.isascii():
        for letter in set(said).intersection(_LETTERS):
            weights[_CODES.index(_LETTERS[letter])] += 0.5
    best = max(weights)
    if best < LEAST or weights.count(best) > 1:
        return ""
    return _CODES[weights.index(best)]


def _by_script(said: str, total: int) -> str:
    """The language that writes with these letters; two letters in three must be of the script."""
    counts = [(code, len(letters.findall(said))) for code, letters in _SCRIPTS]
    for code, count in counts:
        # Japanese is written with Chinese letters, too, Ukrainian with Russian ones.
        if count and sum(n for c, n in counts if c in _ALSO.get(code, (code,))) * 3 > total * 2:
            return code
    return ""


_ALSO = {"ja": ("ja", "zh"), "uk": ("uk", "ru")}
