/** Connecting an account: the network's steps, what it asks for, then itself or its own pages. */
import { useState } from "react";
import { post } from "../api/client";
import type { Inbox } from "../api/types";
import { t } from "../i18n/t";
import { Guide, type Step } from "./Guide";
import { Form, type Input } from "./parts";
import { forgetUnsaved } from "./unsaved";
import { useThings } from "./useThings";

interface Field {
  name: string;
  label: string;
  secret: boolean;
  default: string;
  help: string;
  optional: boolean;
  /** Given (or the first of its choices), nobody need sign in on the network's own pages. */
  instead: boolean;
  choices: string[];
  rare: boolean;
}

export interface Network {
  network: string;
  title: string;
  fields: Field[];
  guide: Step[];
  authorizes: boolean;
  callback: string;
  public: boolean;
}

type Values = Record<string, string>;

function isInstead(field: Field, value: string): boolean {
  return field.choices.length ? value === field.choices[0] : value !== "";
}

/** Whether what was typed leaves the sign-in on the network's own pages to be done. */
export function goesThere(network: Network, values: Values): boolean {
  return network.authorizes && !network.fields.some((field) => field.instead && isInstead(field, values[field.name] ?? field.default));
}

/** Send the browser to the network's own pages; it comes back by itself. */
export async function goThere(body: unknown): Promise<void> {
  const { url } = await post<{ url: string }>("/channels/authorizations", body);
  forgetUnsaved();
  window.location.assign(url);
}

export function inputOf(field: Field, first: boolean): Input {
  return {
    name: field.name,
    label: field.label,
    help: field.help,
    type: field.secret ? "password" : "text",
    value: field.default,
    optional: field.secret ? field.optional || field.instead : field.name !== "handle",
    more: field.rare || (!first && field.default !== "" && !field.choices.length),
    ...(field.choices.length ? { options: field.choices.map((one) => ({ value: one, label: one })) } : {}),
  };
}

function Elsewhere({ network }: { network: Network }) {
  const { origin } = new URL(network.callback);
  if (!network.authorizes || origin === window.location.origin) return null;
  return (
    <p className="warn">
      {t("connect.elsewhere", { origin })} <a href={`${origin}/settings/channels`}>{t("connect.go_there")}</a>
    </p>
  );
}

interface Props {
  networks: Network[];
  /** Run a change, say what went wrong, fetch the list again. */
  run: (change: () => Promise<unknown>) => Promise<unknown>;
}

export function Connect({ networks, run }: Props) {
  const inboxes = useThings<Inbox>("/inboxes");
  const [name, setName] = useState("");
  const chosen = networks.find((one) => one.network === name) ?? networks[0];
  if (!chosen || !inboxes.items.length) return null;
  const send = async ({ inbox_id, ...fields }: Values): Promise<boolean> => {
    const body = { network: chosen.network, inbox_id, fields };
    const done = await run(async () => {
      await (goesThere(chosen, fields) ? goThere(body) : post("/channels", body));
      return true;
    });
    return done !== null;
  };
  return (
    <section className="connect" aria-labelledby="connect">
      <h2 id="connect">{t("connect.title")}</h2>
      <div className="form">
        <label>
          {t("settings.network")}
          <select value={chosen.network} onChange={(event) => setName(event.target.value)}>
            {networks.map((one) => <option key={one.network} value={one.network}>{one.title}</option>)}
          </select>
        </label>
      </div>
      <Guide steps={chosen.guide} />
      <Elsewhere network={chosen} />
      <Form
        key={chosen.network}
        submit={(values) => (goesThere(chosen, values) ? t("connect.there", { network: chosen.title }) : t("settings.connect"))}
        busyWords={t("settings.connecting")}
        inputs={[
          ...chosen.fields.map((field, index) => inputOf(field, index === 0)),
          { name: "inbox_id", label: t("settings.inbox"), options: inboxes.items.map((one) => ({ value: one.id, label: one.name })) },
        ]}
        onSubmit={send}
      />
    </section>
  );
}
