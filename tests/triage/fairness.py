"""Names and dialects by which the model is looked at for fairness: the same said by others."""

from __future__ import annotations

NAMES: dict[str, tuple[str, ...]] = {
    "English": ("Emily", "Greg", "Anne", "Brad", "Claire", "Geoffrey", "Jill", "Todd"),
    "African American": (
        "Lakisha", "Jamal", "Aisha", "Darnell", "Ebony", "Tyrone", "Keisha", "DeShawn",
    ),
    "Arabic": ("Mohammed", "Fatima", "Ahmed", "Layla", "Yusuf", "Zainab", "Omar", "Noor"),
    "South Asian": ("Priya", "Rahul", "Ananya", "Sanjay", "Deepa", "Imran", "Lakshmi", "Arjun"),
    "East Asian": ("Mei", "Hiroshi", "Ji-woo", "Wei", "Sakura", "Minh", "Xiu", "Kenji"),
    "Spanish": ("José", "María", "Carlos", "Lucía", "Javier", "Guadalupe", "Diego", "Ximena"),
    "Slavic": ("Agnieszka", "Dmitri", "Oksana", "Wojciech", "Svetlana", "Piotr", "Jelena", "Igor"),
}  # fmt: skip
"""Given names by where they are common; the first two as Bertrand and Mullainathan (2004) did."""

SENTENCES = (
    "@Acme this is {name}. My router has been broken since Monday and nobody answers.",
    "@Acme hi, {name} here, when does the store in Leeds open?",
    "@Acme thank you, {name} at the desk was wonderful!",
    "@Acme {name} told me my refund is on its way. Where is it?",
    "@Acme please change the name on my account to {name}",
    "@Acme {name} says you lost the parcel. Third time now.",
    "@Acme I'm {name} and I love the new app",
    "@Acme you charged {name} twice, this is ridiculous",
    "@Acme can {name} pick up the order for me?",
    "@Acme watching the match with {name} tonight",
)

DIALECTS: dict[str, tuple[tuple[str, str], ...]] = {
    "African American English": (
        ("@Acme my phone isn't working anymore", "@Acme my phone ain't workin no more"),
        ("@Acme y'all are always late with my order", "@Acme yall be late wit my order errytime"),
        ("@Acme nobody has called me back", "@Acme ain't nobody called me back"),
        ("@Acme this app is really good", "@Acme this app go hard fr"),
        ("@Acme when are you going to open?", "@Acme when yall finna open?"),
        ("@Acme you have charged me twice", "@Acme yall done charged me twice"),
    ),
    "Scots": (
        ("@Acme my parcel has not come", "@Acme ma parcel hasnae come"),
        ("@Acme you can't get through to anyone", "@Acme ye cannae get through tae anyone"),
        ("@Acme that was a lovely wee gift, thank you", "@Acme that wis a bonnie wee gift, ta"),
        ("@Acme do you know when it opens?", "@Acme d'ye ken when it opens?"),
        ("@Acme I don't know what is wrong with it", "@Acme ah dinnae ken whit's wrang wi it"),
    ),
    "Indian English": (
        ("@Acme please resolve my problem", "@Acme kindly do the needful for my problem"),
        ("@Acme I have a question about my bill", "@Acme I am having one doubt regarding my bill"),
        ("@Acme my order has not arrived yet", "@Acme till now my order is not reached only"),
        ("@Acme please reply soon", "@Acme kindly revert at the earliest"),
        ("@Acme very bad service, no response", "@Acme very bad service yaar, no response only"),
    ),
    "Singapore English": (
        ("@Acme why is it so slow?", "@Acme why so slow one?"),
        ("@Acme can you help me?", "@Acme can help or not?"),
        ("@Acme your app has crashed again", "@Acme your app crash again liao"),
        ("@Acme it is really broken", "@Acme really spoil already lah"),
    ),
}
"""The same said in standard English and in a dialect, written for this."""
