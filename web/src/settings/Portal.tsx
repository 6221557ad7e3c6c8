import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useState, type ChangeEvent } from "react";
import { del, get, post, put, words } from "../api/client";
import { t } from "../i18n/t";
import { toast } from "../ui/toast";
import { Loaded, Once, Sure } from "./parts";
import { PortalForm, type PortalSettings } from "./PortalForm";

interface Portal {
  channel_id: string;
  slug: string;
  name: string;
  url: string;
  live: boolean;
  settings: PortalSettings;
  checklist: { name: string; done: boolean; words: string }[];
  snippet: string;
  logo_id: string | null;
}

type Change = (act: () => Promise<unknown>) => Promise<void>;

const PATH = "/portals";

/** For a dialog, which says itself what went wrong. */
function useTried(): Change {
  const client = useQueryClient();
  return async (act) => {
    await act();
    await client.invalidateQueries({ queryKey: [PATH] });
  };
}

/** What is missing, and the button that opens or closes it. */
function Live({ portal, change }: { portal: Portal; change: Change }) {
  const [asked, setAsked] = useState(false);
  const tried = useTried();
  const path = `/portals/${portal.channel_id}/live`;
  const ready = portal.checklist.every((one) => one.done);
  return (
    <>
      <p role="status">
        <b>{t(portal.live ? "portal.is_live" : "portal.not_live")}</b> <a href={portal.url} target="_blank" rel="noreferrer">{portal.url}</a>
      </p>
      <ul className="things" aria-label={t("portal.checklist")}>
        {portal.checklist.map((one) => (
          <li key={one.name}>
            <span aria-hidden="true">{one.done ? "✓" : "○"}</span>
            <span className="grow">{one.words}</span>
            <span className={one.done ? "quiet" : "hot"}>{t(one.done ? "portal.done" : "portal.missing")}</span>
          </li>
        ))}
      </ul>
      <div className="acts">
        {portal.live ? <button className="btn" onClick={() => setAsked(true)}>{t("portal.close")}</button> : null}
        {portal.live ? null : <button className="btn go" disabled={!ready} onClick={() => void change(() => put(path))}>{t("portal.open")}</button>}
      </div>
      {asked ? <Sure title={t("portal.close_title")} words={t("portal.close_words")} act={t("portal.close")} onYes={() => tried(() => del(path))} onClose={() => setAsked(false)} /> : null}
    </>
  );
}

function Logo({ portal, change }: { portal: Portal; change: Change }) {
  const path = `/portals/${portal.channel_id}/logo`;
  const choose = (event: ChangeEvent<HTMLInputElement>): void => {
    const [file] = event.currentTarget.files ?? [];
    if (file)
      void change(async () => {
        const { id } = await post<{ id: string }>("/media", file);
        await put(path, { media_id: id });
      });
  };
  return (
    <div className="form">
      <label>
        {t("portal.logo")}
        <small>{t("portal.logo_help")}</small>
        <input type="file" accept="image/png,image/jpeg,image/webp,image/gif" onChange={choose} />
      </label>
      {portal.logo_id ? <div><button className="btn" onClick={() => void change(() => put(path, { media_id: null }))}>{t("portal.no_logo")}</button></div> : null}
    </div>
  );
}

function One({ portal, change }: { portal: Portal; change: Change }) {
  const keep = async (settings: PortalSettings): Promise<void> => {
    await put(`/portals/${portal.channel_id}`, settings);
    await change(() => Promise.resolve());
  };
  return (
    <section className="portal" aria-label={portal.name}>
      <h2>{portal.name}</h2>
      <Live portal={portal} change={change} />
      <PortalForm kept={portal.settings} keep={keep} />
      <Logo portal={portal} change={change} />
      <Once words={t("portal.embed")} value={portal.snippet} />
    </section>
  );
}

export function Portals() {
  const client = useQueryClient();
  const found = useQuery({ queryKey: [PATH], queryFn: () => get<Portal[]>(PATH) });
  const change: Change = async (act) => {
    try {
      await act();
    } catch (error) {
      toast(words(error), { bad: true });
    }
    await client.invalidateQueries({ queryKey: [PATH] });
  };
  return (
    <>
      <p>{t("portal.about")}</p>
      <Loaded query={found}>
        {(portals) => (portals.length ? portals.map((one) => <One key={one.channel_id} portal={one} change={change} />) : <p className="nothing">{t("portal.none")}</p>)}
      </Loaded>
    </>
  );
}
