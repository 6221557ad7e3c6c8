/** What a mail has beside its words: its subject, what it repeats, and files to download. */
import { useState, type ReactNode } from "react";
import type { Medium, Message } from "../api/types";
import { t } from "../i18n/t";
import { bytes } from "../ui/bytes";
import { directionOf } from "../ui/direction";
import { Icon } from "../ui/Icon";
import { Again } from "./Again";
import { Words } from "./Words";

export function Head({ message }: { message: Message }) {
  const { subject, automatic } = message.extra ?? {};
  if (!subject && !automatic) return null;
  return (
    <p className="subject">
      {subject ? <b dir="auto">{subject}</b> : null}
      {automatic ? <span className="chip">{t("message.automatic", { why: automatic })}</span> : null}
    </p>
  );
}

/** Folded, as its author wished, until one opens it. */
export function Warned({ warning, children }: { warning: string | undefined; children: ReactNode }) {
  if (!warning) return <>{children}</>;
  return (
    <details className="warned">
      <summary><Icon name="alert" size={15} /> <bdi>{warning}</bdi></summary>
      {children}
    </details>
  );
}

/** The text, and on request all of it with the quotes it repeats. */
export function Body({ message }: { message: Message }) {
  const [all, setAll] = useState(false);
  const whole = message.extra?.whole;
  return (
    <div className={`bub ${message.deleted_at ? "gone" : ""}`} dir={directionOf(message.text)}>
      <Words text={all && whole ? whole : message.text} />
      {whole && !message.deleted_at ? (
        <button className="unfold" aria-expanded={all} onClick={() => setAll(!all)}>{t(all ? "message.fold" : "message.unfold")}</button>
      ) : null}
    </div>
  );
}

export function FileLink({ item }: { item: Medium }) {
  const kept = item.state === "kept";
  const said = kept && item.bytes ? bytes(item.bytes) : kept ? "" : t(item.state === "wanted" ? "file.wanted" : "file.missing");
  return (
    <div className={`file ${kept ? "" : "waits"}`}>
      {kept ? <a href={item.url} download={item.name}><bdi>{item.name}</bdi></a> : <b><bdi>{item.name}</bdi></b>}
      {said ? <span className="num">{said}</span> : null}
      {item.reason ? <span className={kept ? "hot" : ""}>{item.reason}</span> : null}
      {item.state === "failed" && item.id ? <Again id={item.id} /> : null}
    </div>
  );
}
