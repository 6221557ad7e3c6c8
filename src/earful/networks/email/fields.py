"""What a person is asked to connect a mailbox, and what she should know before."""

from __future__ import annotations

from earful.networks.contract import Field, Step

FIELDS = (
    Field("address", "Address", help="The mailbox, such as care@northwind.example"),
    Field("name", "Name", help="Stands before the address in what you send"),
    Field(
        "imap",
        "IMAP server",
        help="Such as imap.northwind.example, with :port if it is another",
        place=True,
    ),
    Field(
        "imap_security",
        "IMAP security",
        default="tls",
        choices=("tls", "starttls", "none"),
        rare=True,
    ),
    Field(
        "smtp",
        "SMTP server",
        help="Such as smtp.northwind.example; empty for the same name",
        place=True,
        nowhere=("",),
    ),
    Field(
        "smtp_security",
        "SMTP security",
        default="tls",
        choices=("tls", "starttls", "none"),
        rare=True,
    ),
    Field("username", "User name", help="Empty for the address", rare=True),
    Field(
        "password",
        "Password",
        secret=True,
        help="Best one made for this app alone. Empty where you sign in with Google or Microsoft",
    ),
    Field(
        "sign_in",
        "Signs in with",
        default="password",
        help="oauth is for another provider than these two",
        choices=("password", "google", "microsoft", "oauth"),
        instead=True,
        place=True,
        nowhere=("password",),
    ),
    Field("client_id", "App's client id", help="Of your own app at Google or Microsoft"),
    Field("client_secret", "App's client secret", secret=True, optional=True),
    Field(
        "authorize_url",
        "Sign-in address",
        help="Empty for that of Google or Microsoft",
        rare=True,
        place=True,
        nowhere=("",),
    ),
    Field(
        "token_url",
        "Token address",
        help="Empty for that of Google or Microsoft",
        rare=True,
        place=True,
        nowhere=("",),
    ),
    Field("scope", "Scopes", help="Empty for those of Google or Microsoft", rare=True),
    Field(
        "folder",
        "Folder",
        default="INBOX",
        help="Where new mail is read; nothing is deleted",
        rare=True,
    ),
    Field("sent", "Sent mail", help="Its folder; empty to find it, off for none", rare=True),
    Field(
        "aliases",
        "Other addresses",
        help="Whose mail also comes here, separated by commas",
        rare=True,
    ),
    Field(
        "mark_seen",
        "Mark as read",
        default="no",
        choices=("no", "yes"),
        help="yes to mark what the desk has taken in",
        rare=True,
    ),
    Field(
        "reply_token",
        "Reply token",
        default="auto",
        choices=("auto", "plus", "subject", "off"),
        rare=True,
        help="Leads an answer home whose client drops the thread. plus: behind a plus in the "
        "address (the server must take that); subject: at its end; off; auto: plus at providers "
        "known to take it, else subject",
    ),
    Field(
        "quote",
        "Repeat what is answered",
        default="yes",
        choices=("yes", "no"),
        help="yes to have the mail that is answered stand folded below the answer",
        rare=True,
    ),
    Field(
        "dns",
        "Name server",
        help="For the set-up check; empty for the system's",
        rare=True,
        place=True,
    ),
)

GUIDE = (
    Step(
        "Which way to sign in",
        "A password works where your provider still takes one: most hosts do, with an app "
        "password where you use a second factor. Google takes no account passwords from apps "
        "(since May 2025), only app passwords or sign-in with Google. Microsoft 365 takes no "
        "passwords for IMAP since 2022; for sending it switches them off by default at the end of "
        "December 2026, and will name the last day in the second half of 2027. Choose microsoft.",
    ),
    Step(
        "Google: your own app",
        "In the Google Cloud console make a project, enable the Gmail API, and make an OAuth "
        "client of type Web application with the callback below. Then publish the app (Audience, "
        "Publish app; for your own organisation choose Internal): while it is in testing, Google "
        "withdraws its refresh token after seven days, and the mailbox goes silent.",
        copy="{callback}",
        link="https://console.cloud.google.com/auth/clients",
    ),
    Step(
        "Microsoft: your own app",
        "In Microsoft Entra register an app with the callback below (platform Web). Give it the "
        "delegated permissions IMAP.AccessAsUser.All, SMTP.Send and offline_access of Office 365 "
        "Exchange Online, and switch on Authenticated SMTP for the mailbox.",
        copy="{callback}",
        link="https://entra.microsoft.com/#view/Microsoft_AAD_RegisteredApps",
    ),
    Step(
        "What happens to your mail",
        "New mail is read and left as it is: nothing is deleted, moved or marked. An answer goes "
        "to the one person that is answered, never to a list. A copy lies among the sent mail, "
        "for whoever else works in the mailbox.",
    ),
    Step(
        "Check it",
        "After connecting, run the check: it looks up SPF, DKIM and DMARC of your domain, and "
        "sends a mail to itself. Without them large providers refuse your answers or hide them.",
    ),
)
