import { go } from "../desk/route";
import { Banners, Toasts } from "../desk/Bars";
import { t } from "../i18n/t";
import { useDesk } from "../live/store";
import { Icon } from "../ui/Icon";
import { Agents } from "./Agents";
import { Appearance } from "./Appearance";
import { Channels } from "./Channels";
import { Keyboard } from "./Keyboard";
import { Inboxes, Macros, Tags, Views } from "./Shelves";
import { Sessions, Tokens } from "./Tokens";

const PAGES = {
  channels: { lead: true, page: Channels },
  inboxes: { lead: true, page: Inboxes },
  agents: { lead: true, page: Agents },
  tags: { lead: true, page: Tags },
  macros: { lead: true, page: Macros },
  views: { lead: false, page: Views },
  tokens: { lead: true, page: Tokens },
  sessions: { lead: false, page: Sessions },
  keyboard: { lead: false, page: Keyboard },
  appearance: { lead: false, page: Appearance },
} as const;

type PageName = keyof typeof PAGES;

function isPage(name: string): name is PageName {
  return name in PAGES;
}

function Link({ href, label, on }: { href: string; label: string; on: boolean }) {
  return (
    <a href={href} className={on ? "on" : ""} aria-current={on ? "page" : undefined} onClick={(event) => { event.preventDefault(); go(href); }}>
      <span>{label}</span>
    </a>
  );
}

export function SettingsScreen({ page }: { page: string }) {
  const { me } = useDesk();
  const leads = me.agent.role === "owner" || me.agent.role === "lead";
  const names = (Object.keys(PAGES) as PageName[]).filter((name) => leads || !PAGES[name].lead);
  const shown: PageName = isPage(page) && names.includes(page) ? page : "appearance";
  const Page = PAGES[shown].page;
  return (
    <div className="settings">
      <header>
        <a className="mark" href="/" onClick={(event) => { event.preventDefault(); go("/"); }}>
          <Icon name="back" /> {t("settings.back")}
        </a>
      </header>
      <nav aria-label={t("settings.title")}>
        {names.map((name) => <Link key={name} href={`/settings/${name}`} label={t(`settings.${name}`)} on={name === shown} />)}
        <a href="/sign-out"><span>{t("settings.sign_out")}</span></a>
      </nav>
      <main className="page">
        <section aria-label={t("banner.label")}><Banners /></section>
        <h1>{t(`settings.${shown}`)}</h1>
        <Page />
      </main>
      <Toasts />
    </div>
  );
}
