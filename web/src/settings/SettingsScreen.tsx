import { go } from "../desk/route";
import { Banners, Toasts } from "../desk/Bars";
import { t } from "../i18n/t";
import { useDesk } from "../live/store";
import { Icon } from "../ui/Icon";
import { Agents } from "./Agents";
import { Appearance } from "./Appearance";
import { Channels } from "./Channels";
import { Keyboard } from "./Keyboard";
import { Mail } from "./Mail";
import { Inboxes, Macros, Tags, Views } from "./Shelves";
import { Sessions, Tokens } from "./Tokens";

const RANK = { viewer: 0, agent: 1, lead: 2, owner: 3 } as const;

/** Which pages there are, and the least rank that may see each. */
const PAGES = {
  channels: { least: 2, page: Channels },
  inboxes: { least: 2, page: Inboxes },
  agents: { least: 2, page: Agents },
  tags: { least: 2, page: Tags },
  macros: { least: 2, page: Macros },
  views: { least: 0, page: Views },
  tokens: { least: 2, page: Tokens },
  mail: { least: 3, page: Mail },
  sessions: { least: 0, page: Sessions },
  keyboard: { least: 0, page: Keyboard },
  appearance: { least: 0, page: Appearance },
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
  const names = (Object.keys(PAGES) as PageName[]).filter((name) => RANK[me.agent.role] >= PAGES[name].least);
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
