"""Airlines by their letters (IATA), and capital words after "in" or "to" that are no place."""

from __future__ import annotations

_AIRLINES = (
    # Passenger airlines; letters that are words or units of their own ("AM", "PS") are left out.
    "AA AC AF AI AR AV AY AZ BA BR BT CA CI CM CX CZ DL DY EI EK EN ET EW EY FI FR FZ G3 GA GF HA "
    "HU HV IB JJ JL JQ JU KE KL KM KQ LA LG LH LO LS LX LY MH MS MU NH NK NZ OK OS OU OZ QF QR RJ "
    "RO SA SK SN SQ SU SV TG TK TP U2 UA UL UX VA VS VY W6 WN WS WY B6 F9 4U 5J 6E 9W X3 DE D8"
)
_NO_PLACE = (
    "I The A An My Your Our This That It Is You We They He She If No Not And But Or So "
    "January February March April May June July August September October November December "
    "Jan Feb Mar Apr Jun Jul Aug Sep Sept Oct Nov Dec Monday Tuesday Wednesday Thursday Friday "
    "Saturday Sunday Mon Tue Wed Thu Fri Sat Sun Montag Dienstag Mittwoch Donnerstag Freitag "
    "Samstag Sonntag Januar Februar März Mai Juni Juli Oktober Dezember English German French "
    "Spanish Italian Dutch Portuguese Polish Christmas Easter Twitter Facebook Instagram "
    "WhatsApp Mastodon Bluesky Google Apple Android Windows DM DMs PM AM FAQ GMT UTC EUR USD GBP "
    "CEO BBC ALL NOT YOU THE MY ANY ONE OUT NOW HIM HER USE PAY GET BUY SEE ASK TRY Customer "
    "Support Service Help Rechnung Ordnung Kontakt Order Step Page Version Windows Room Seat Gate "
    "Terminal Since Over About After Before Another More Only Under Still Waiting Paid Ordered"
)
AIRLINES = frozenset(_AIRLINES.split())
NO_PLACE = frozenset(_NO_PLACE.split())
