import { useEffect, useId, useRef } from "react";
import { go } from "../desk/route";
import { Banners, Toasts } from "../desk/Bars";
import { t } from "../i18n/t";
import { useDesk } from "../live/store";
import { Icon } from "../ui/Icon";
import { pagesFor, type PageName, type Shown } from "./pages";
import { Leaving } from "./unsaved";

function Link({ href, label, on }: { href: string; label: string; on: boolean }) {
  const ref = useRef<HTMLAnchorElement>(null);
  useEffect(() => {
    if (on) ref.current?.scrollIntoView({ block: "nearest" });
  }, [on]);
  return (
    <a ref={ref} href={href} className={on ? "on" : ""} aria-current={on ? "page" : undefined} onClick={(event) => { event.preventDefault(); go(href); }}>
      <span>{label}</span>
    </a>
  );
}

/** On a phone: all pages in one field, where thirty tabs would be a strip to search. */
function Jump({ groups, shown }: { groups: Shown[]; shown: PageName }) {
  const id = useId();
  return (
    <div className="jump">
      <label htmlFor={id}>{t("settings.jump")}</label>
      <select id={id} value={shown} onChange={(event) => go(`/settings/${event.target.value}`)}>
        {groups.map(({ group, pages }) => (
          <optgroup key={group} label={t(`settings.group.${group}`)}>
            {pages.map(({ name }) => <option key={name} value={name}>{t(`settings.${name}`)}</option>)}
          </optgroup>
        ))}
      </select>
    </div>
  );
}

export function SettingsScreen({ page }: { page: string }) {
  const { me } = useDesk();
  const groups = pagesFor(me.agent.role);
  const all = groups.flatMap((group) => group.pages);
  const shown = all.find((one) => one.name === page) ?? all.find((one) => one.name === "appearance");
  if (!shown) return null;
  const Page = shown.page;
  return (
    <div className="settings">
      <header>
        <a className="mark" href="/" onClick={(event) => { event.preventDefault(); go("/"); }}>
          <Icon name="back" /> {t("settings.back")}
        </a>
      </header>
      <nav aria-label={t("settings.title")}>
        <Jump groups={groups} shown={shown.name} />
        {groups.map(({ group, pages }) => (
          <div key={group} className="group" role="group" aria-label={t(`settings.group.${group}`)}>
            <h2>{t(`settings.group.${group}`)}</h2>
            {pages.map(({ name }) => <Link key={name} href={`/settings/${name}`} label={t(`settings.${name}`)} on={name === shown.name} />)}
          </div>
        ))}
        <a href="/sign-out"><span>{t("settings.sign_out")}</span></a>
      </nav>
      <main className="page">
        <section aria-label={t("banner.label")}><Banners /></section>
        <h1>{t(`settings.${shown.name}`)}</h1>
        <Page key={shown.name} />
      </main>
      <Toasts />
      <Leaving />
    </div>
  );
}
