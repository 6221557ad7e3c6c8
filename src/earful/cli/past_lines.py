"""What the rehearsal's agents wrote in the weeks before it began."""

from __future__ import annotations

from collections.abc import Mapping

FIRST: Mapping[int, tuple[str, ...]] = {
    3: (
        "Hi {name}, that should not happen, and I'm sorry it did. I have put it right on our side; "
        "please try again in a few minutes.",
        "I'm sorry, {name}. I found the mistake and corrected it. You'll see it in your account "
        "within the hour.",
        "That is not good enough, {name}, and I understand you're annoyed. I have passed it to the "
        "people who can mend it, and I'll stay with it.",
        "Sorry for the trouble, {name}. It was our fault, and the money is on its way back to you. "
        "Banks need two or three days to show it.",
        "You've waited too long, {name}, sorry. I looked at the case: it is solved as of now.",
    ),
    4: (
        "Hi {name}, yes, that works. You'll find it in the settings under Account, at the bottom.",
        "Hi {name}, signing out and in again brings it back. If it doesn't, tell us which device "
        "and version you have.",
        "Good question, {name}. It arrives in the next days; there is nothing you need to do.",
        "Hi {name}, we've seen this on some devices since the last update. The version of this "
        "morning mends it.",
        "Hi {name}, I had a look: everything is in order on our side. Please clear the cache once "
        "and try again.",
        "Hi {name}, it's available in your country from next week on. We'll say so here, too.",
        "Thanks for telling us, {name}. We restarted it for you; it should be back by now.",
    ),
    5: (
        "Thank you, {name}! I'll show it to the whole team.",
        "That made our day, {name}. Thank you!",
        "Glad to hear it, {name}. Enjoy!",
    ),
}
"""By severity; graver ones get those of 3."""

ASKING = (
    "Hi {name}, sorry about this. Which device is it, and since when?",
    "Hi {name}, let me look into it. Does it say an error, and which?",
    "Hi {name}, I'd like to see this for myself. Does it happen on the phone, too?",
)
"""First answers that need another one."""

AGAIN = (
    "it's the tablet, since yesterday evening. thanks for answering so fast",
    "On the phone too, yes. It just says that something went wrong.",
    "no error, it simply closes. since the update I think",
)
"""What customers say to those."""

SECOND = (
    "Thanks, {name}, that helped me find it. It's mended; please try once more.",
    "Got it, {name}. I reset it for you, it should work now. Write again if it doesn't.",
    "Thank you, {name}. That is a known fault of this version; the next one, out today, mends it.",
)

PROMISED = "I'm on it, {name}. You'll hear from me by tomorrow at the latest."
WORDS = ("the refund", "a call back", "a word from the warehouse", "a new invoice")
PROOF = "Done, and she was told so."
LATE_PROOF = "Done, a few hours late. I said sorry."

NEEDLESS = (
    ("no_reply_needed", "Talks about us, not to us"),
    ("answered_elsewhere", "Answered by phone"),
    ("duplicate", "Wrote the same twice"),
    ("spam", "An advertisement"),
)
"""How conversations ended without an answer, and why."""

SCORES = (5, 5, 4, 5, 4, 5, 3, 5, 4, 5)
"""Customers' ratings, in turn."""


def first_for(severity: int) -> tuple[str, ...]:
    """First answers to a post of this severity."""
    return FIRST[max(3, min(severity, 5))]
