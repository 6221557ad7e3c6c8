"""Words that say something wherever they stand, whatever a company sells."""

from __future__ import annotations

from functools import cache
from pathlib import Path


def _set(words: str) -> frozenset[str]:
    return frozenset(words.split())


DENIES = _set(
    "not no never none nothing nobody cannot cant can't dont don't doesnt doesn't didnt "
    "didn't isnt isn't wasnt wasn't wont won't wouldnt wouldn't couldnt couldn't havent "
    "haven't hasnt hasn't aint ain't arent aren't without unable"
)
FAILS = _set(
    "broken broke break breaks fail fails failed failing failure stopped stops crash crashes "
    "crashed crashing freeze freezes froze frozen stuck down missing lost wrong error errors "
    "issue issues problem problems bug bugs glitch outage damaged defective faulty delayed "
    "delay late cancelled canceled overcharged charged ripped refused denied rejected ruined "
    "torn ripping disappear disappeared disconnects drops dropped dropping lag lagging slow "
    "laggy dead died dies dying useless worst terrible horrible awful bad poor pathetic "
    "disgusting disgusted ridiculous joke unacceptable disappointed disappointing "
    "disappointment upset angry annoyed annoying frustrated frustrating sick tired hate sucks "
    "suck sucked crap shit shitty bullshit wtf smh rude lied lie lies scam fraud ripoff rip "
    "horrid shocking shambles appalling atrocious dissatisfied unhappy fuck fucking damn "
    "stupid garbage trash incompetent fix fixed waste wasted waiting waited wait hold refund "
    "complaint complain complaining worse"
)
PLEASED = _set(
    "thanks thank thx ty cheers appreciate appreciated awesome great love loved lovely "
    "amazing perfect best excellent good nice cool happy excited beautiful congrats works "
    "worked wonderful fantastic"
)
ASKS = _set(
    "please pls plz help how where when what which who can could would does do is are any anyone"
)
SELF = _set("i i'm im i've ive i'd my me mine we our us")
OTHER = _set("you your you're ur u youre yours guys y'all")
LASTS = _set(
    "still again since already yet hours hour day days weeks week months month yesterday "
    "today minutes mins min ago times time anymore ever always twice third second finally now"
)


@cache
def valences() -> dict[str, float]:
    """How words sound, from -4 (worst) to 4, as many people judged them (VADER, MIT licence)."""
    lines = Path(__file__).with_name("valences.txt").read_text(encoding="utf-8").splitlines()
    told = (line.split(" ") for line in lines if line and not line.startswith("#"))
    return {word: float(value) for word, value in told}
