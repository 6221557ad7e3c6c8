import { useState } from "react";
import { del, post } from "../api/client";
import type { Macro, SavedView, Tag } from "../api/types";
import { t } from "../i18n/t";
import { useDesk } from "../live/store";
import { Do } from "../ui/Do";
import { toast } from "../ui/toast";
import { Form, Sure, Things } from "./parts";
import { useThings } from "./useThings";

export function Tags() {
  const tags = useThings<Tag>("/tags");
  const [over, setOver] = useState<string | null>(null);
  const clear = async (name: string): Promise<void> => {
    const { planned } = await post<{ planned: number }>(`/tags/${encodeURIComponent(name)}/all-clear`, {});
    toast(t("tags.cleared", { n: planned }));
  };
  return (
    <>
      <Things {...tags} empty={tags.items.length === 0} emptyWords={t("settings.no_tags")}>
        {tags.items.map((tag) => (
          <li key={tag.name}>
            <span className="grow">{tag.name}</span>
            <button className="btn" onClick={() => setOver(tag.name)}>{t("tags.over")}</button>
            <Do act={() => tags.run(() => del(`/tags/${encodeURIComponent(tag.name)}`))}>{t("act.remove")}</Do>
          </li>
        ))}
      </Things>
      {over === null ? null : <Sure title={t("tags.over_title", { name: over })} words={t("tags.over_words")} act={t("tags.bring_back")} onYes={() => clear(over)} onClose={() => setOver(null)} />}
      <Form submit={t("settings.add")} inputs={[{ name: "name", label: t("settings.name") }]} onSubmit={async (values) => (await tags.run(() => post("/tags", values))) !== null} />
    </>
  );
}

export function Macros() {
  const macros = useThings<Macro>("/macros");
  // The radar leads here, to an answer for a theme.
  const [asked] = useState(() => new URLSearchParams(window.location.search).get("for") ?? "");
  return (
    <>
      <Things {...macros} empty={macros.items.length === 0} emptyWords={t("settings.no_macros")}>
        {macros.items.map((macro) => (
          <li key={macro.id}>
            <span className="grow"><b>{macro.name}</b><br /><span className="quiet" dir="auto">{macro.text}</span>{macro.offered_for ? <><br /><small>{t("macros.offered_for", { search: macro.offered_for })}</small></> : null}</span>
            <Do act={() => macros.run(() => del(`/macros/${macro.id}`))}>{t("act.remove")}</Do>
          </li>
        ))}
      </Things>
      <Form
        submit={t("settings.add")}
        inputs={[
          { name: "name", label: t("settings.name") },
          { name: "text", label: t("settings.text"), help: t("settings.variables"), rows: 4 },
          { name: "offered_for", label: t("macros.offered"), help: t("macros.offered_help"), value: asked, optional: true },
        ]}
        onSubmit={async (values) => (await macros.run(() => post("/macros", values))) !== null}
      />
    </>
  );
}

export function Views() {
  const views = useThings<SavedView>("/views");
  const { tags, inboxes } = useDesk();
  const any = { value: "", label: t("settings.any") };
  const add = async ({ name, ...filter }: Record<string, string>): Promise<boolean> => {
    const set = Object.fromEntries(Object.entries(filter).filter(([, value]) => value));
    return (await views.run(() => post("/views", { name, filter: set }))) !== null;
  };
  return (
    <>
      <Things {...views} empty={views.items.length === 0} emptyWords={t("settings.no_views")}>
        {views.items.map((view) => (
          <li key={view.id}>
            <span className="grow"><b>{view.name}</b></span>
            <Do act={() => views.run(() => del(`/views/${view.id}`))}>{t("act.remove")}</Do>
          </li>
        ))}
      </Things>
      <Form
        submit={t("settings.add")}
        inputs={[
          { name: "name", label: t("settings.name") },
          { name: "status", label: t("settings.status"), options: [any, ...(["open", "pending", "snoozed", "resolved"] as const).map((one) => ({ value: one, label: t(`status.${one}`) }))] },
          { name: "tag", label: t("settings.tags"), options: [any, ...tags.map((tag) => ({ value: tag.name, label: tag.name }))] },
          { name: "inbox", label: t("settings.inbox"), options: [any, ...inboxes.map((one) => ({ value: one.id, label: one.name }))] },
        ]}
        onSubmit={add}
      />
    </>
  );
}
