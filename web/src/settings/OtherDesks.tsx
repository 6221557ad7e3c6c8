/** Other desks that conversations can be handed to. */
import { useState } from "react";
import { del, post } from "../api/client";
import type { OtherDesk } from "../desk/useHandoff";
import { t } from "../i18n/t";
import { Form, Once, Sure, Things } from "./parts";
import { useThings } from "./useThings";

interface Kind {
  kind: string;
  title: string;
  signs: boolean;
  fields: { name: string; label: string; secret: boolean; default: string; help: string }[];
}

interface Made extends OtherDesk {
  /** The address it may call; empty while the desk has no public one. */
  hook: string;
  hook_secret: string;
}

function Connect({ onAdd }: { onAdd: (body: unknown) => Promise<boolean> }) {
  const kinds = useThings<Kind>("/desk-kinds");
  const [name, setName] = useState("");
  const chosen = kinds.items.find((one) => one.kind === name) ?? kinds.items[0];
  if (!chosen) return null;
  return (
    <>
      <div className="form">
        <h2>{t("desks.add")}</h2>
        <label>
          {t("desks.kind")}
          <select value={chosen.kind} onChange={(event) => setName(event.target.value)}>
            {kinds.items.map((one) => <option key={one.kind} value={one.kind}>{one.title}</option>)}
          </select>
        </label>
      </div>
      <Form
        key={chosen.kind}
        title={chosen.title}
        submit={t("settings.connect")}
        busyWords={t("settings.connecting")}
        inputs={[
          { name: "desk_url", label: t("hooks.url"), help: t("hooks.url_help"), type: "url" },
          ...chosen.fields.map((field) => ({
            name: field.name,
            label: field.label,
            help: field.help,
            type: field.secret ? "password" : "text",
            value: field.default,
            optional: chosen.kind === "zendesk" && field.name === "group",
          })),
        ]}
        onSubmit={({ desk_url, ...fields }) => onAdd({ kind: chosen.kind, url: desk_url, fields })}
      />
    </>
  );
}

export function OtherDesks() {
  const desks = useThings<OtherDesk>("/desks");
  const kinds = useThings<Kind>("/desk-kinds");
  const [made, setMade] = useState<Made | null>(null);
  const [leaving, setLeaving] = useState<OtherDesk | null>(null);
  const signs = kinds.items.find((one) => one.kind === made?.kind)?.signs ?? true;
  const hook = made?.hook ? `${made.hook}${signs ? "" : `/${made.hook_secret}`}` : "";
  return (
    <>
      <p className="quiet">{t("desks.about")}</p>
      <Things {...desks} empty={desks.items.length === 0} emptyWords={t("desks.empty")}>
        {desks.items.map((desk) => (
          <li key={desk.id}>
            <span className="grow"><b>{desk.name}</b><br /><span className="quiet">{desk.title}, {desk.url}</span></span>
            <button className="btn" onClick={() => setLeaving(desk)}>{t("settings.disconnect")}</button>
            {made?.id === desk.id && hook ? <Once words={t("desks.hook")} value={hook} /> : null}
            {made?.id === desk.id && !hook ? <p className="quiet">{t("desks.no_hook")}</p> : null}
            {made?.id === desk.id && hook && signs && made.hook_secret ? <Once words={t("desks.secret")} value={made.hook_secret} /> : null}
          </li>
        ))}
      </Things>
      <Connect
        onAdd={async (body) => {
          const done = await desks.run(() => post<Made>("/desks", body));
          if (done) setMade(done);
          return done !== null;
        }}
      />
      {leaving ? <Sure title={t("desks.leave_title", { name: leaving.name })} words={t("desks.leave_words")} act={t("settings.disconnect")} onClose={() => setLeaving(null)} onYes={() => desks.tried(() => del(`/desks/${leaving.id}`))} /> : null}
    </>
  );
}
