"""Lines written for the scripts: what customers say that the recorded feed does not hold."""

from __future__ import annotations

NUDGES = (
    "hello??",
    "anyone there?",
    "and now it logged me out as well. great.",
    "still waiting, third time I ask this week",
    "I have a screenshot if that helps",
    "sorry, forgot to say: this started on Monday",
    "seriously, is anybody reading these",
)
SAME_HERE = (
    "Same here!",
    "same here since this morning, thought it was just me",
    "+1, exactly the same thing",
    "Me too. Support chat closed on me twice.",
    "following, have the same problem",
    "same 😩",
)
THANKS = (
    "Thank you, that did it!",
    "thanks so much, works again 🙏",
    "Great, sorted. Appreciate the quick answer",
    "ok thanks, will try tonight",
    "thanks! you folks are the best",
    "❤️",
)
BACK = (
    "Tried that already, no luck.",
    "Ok, sent you a DM with the details",
    "which page do you mean? I can't find it",
    "It says the same error again",
    "Done. How long does it take?",
    "that's what your colleague said last week and nothing happened",
    "No. I want my money back, please.",
    "my order number is 40-118-2203 if that helps",
)
AFTERTHOUGHTS = (
    "(edit: it's the phone app, not the website)",
    "edit: typo, I meant yesterday",
    "EDIT: order no. 40-552-0917",
    "[edited: now it fails on the laptop too]",
)
WRITTEN: tuple[tuple[str, str], ...] = (
    ("", "@{handle} 😡😡😡"),
    ("", "@{handle} 🙏🙏"),
    ("", "@{handle} 👩‍👩‍👧‍👦📦❌❓"),
    ("", "🔥🔥🔥 @{handle} 🔥🔥🔥"),
    ("ar", "@{handle} منذ ثلاثة أيام وأنا أنتظر الرد، هل من أحد هنا؟"),
    ("ar", "@{handle} تم خصم المبلغ مرتين من حسابي، الطلب رقم 40-221"),
    ("he", "@{handle} האפליקציה לא נפתחת מאז העדכון, מה עושים?"),
    ("fa", "@{handle} سفارش من هنوز نرسیده، لطفاً پیگیری کنید"),
    ("ur", "@{handle} میرا اکاؤنٹ بند ہو گیا ہے، مدد کریں"),
    ("ja", "@{handle} アプリが起動しません。昨日から何度も試しています。"),
    ("es", "@{handle} llevo dos horas esperando en el chat y nadie contesta, ¿alguien por ahí?"),
    ("de", "@{handle} seit dem Update geht gar nichts mehr. Bitte um Rückmeldung!"),
    ("fr", "@{handle} bonjour, mon colis est marqué livré mais je n'ai rien reçu"),
    ("pt", "@{handle} cobraram duas vezes no cartão, como resolvo?"),
    ("hi", "@{handle} पैसे कट गए लेकिन ऑर्डर नहीं हुआ, कृपया मदद करें"),
)
