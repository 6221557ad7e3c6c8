"""Whether a post says too little to act on, and what one asks back then.

Much is posted without much thought: "worst company ever", "help". Nobody is passed over for that;
what is missing is asked for. Told is what no rule says otherwise: a post that names anything (an
order, a place, a thing) says enough, and so does a question with any word of its own.
"""

from __future__ import annotations

import re

from earful.triage import lexicon
from earful.triage.alike import SMALL
from earful.triage.entities import entities
from earful.triage.words import HANDLE, plain, tidied, tokens

_TAG = re.compile(r"#\w+")
FEW = 2
"""Words in all, below or at which a post in any language says too little."""
_SAYS_NOTHING = """
company companies service services customer customers support team guys people thing things
stuff someone somebody anyone anybody everyone everything something anything nothing brand
business place time way lot kind experience work working works try tried trying need needs
want wants got get gets getting give gave given going go goes gone make makes made hello hi hey
dear sir madam pls plz dm dms message messages ok okay lol omg fyi btw very really so too such
much more most ever even never always again still now today honestly literally seriously
absolutely totally completely am been being did does had would should could know think say says
said see look one two
"""
_KNOWN = frozenset().union(
    SMALL,
    _SAYS_NOTHING.split(),
    lexicon.DENIES,
    lexicon.FAILS,
    lexicon.PLEASED,
    lexicon.ASKS,
    lexicon.SELF,
    lexicon.OTHER,
    lexicon.LASTS,
)
ASKED_BACK = ("complaint", "question", "request")
"""Kinds that somebody acts on."""


def says_too_little(text: str, kind: str) -> bool:
    """Whether a post of that kind, with no picture, tells nothing that somebody could act on.

    By the words of English; in other languages where there are but FEW.
    """
    if kind not in ASKED_BACK:
        return False
    said = [word for word in tokens(plain(_TAG.sub(" ", tidied(text)))) if word[0].isalpha()]
    telling = [word for word in said if word not in _KNOWN and word not in lexicon.valences()]
    if telling and len(said) > FEW:
        return False
    return not entities(HANDLE.sub(" ", text)) and not any(map(str.isdigit, text))


def asks_back(kind: str, language: str) -> str:
    """What one asks back, in their language or in English, for an agent to send or to change."""
    complains, wants = _ASKS.get(language, _ASKS["en"])
    return complains if kind == "complaint" else wants


_ASKS = {
    "en": (
        "I'm sorry to hear that. What happened? With a few details I can look into it.",
        "I'm happy to help. What is it about?",
    ),
    "de": (
        "Das tut mir leid. Was ist passiert? Mit ein paar Einzelheiten kann ich nachsehen.",
        "Ich helfe gern. Worum geht es?",
    ),
    "fr": (
        "Toutes nos excuses. Que s'est-il passé ? Avec quelques détails, je peux vérifier.",
        "Avec plaisir. De quoi s'agit-il ?",
    ),
    "es": (
        "Lamento leer eso. ¿Qué ha pasado? Con algunos detalles puedo mirarlo.",
        "Con mucho gusto. ¿De qué se trata?",
    ),
    "it": (
        "Mi dispiace. Che cosa è successo? Con qualche dettaglio posso verificare.",
        "Volentieri. Di che cosa si tratta?",
    ),
    "nl": (
        "Wat vervelend. Wat is er gebeurd? Met een paar details kan ik het nakijken.",
        "Ik help graag. Waar gaat het over?",
    ),
    "pt": (
        "Lamentamos. O que aconteceu? Com alguns detalhes posso verificar.",
        "Com todo o gosto. De que se trata?",
    ),
    "pl": (
        "Przykro mi. Co się stało? Kilka szczegółów pozwoli mi to sprawdzić.",
        "Chętnie pomogę. O co chodzi?",
    ),
}
