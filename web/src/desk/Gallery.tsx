/** The pictures of a message: small in the thread, large in a dialog, said in words where missing. */
import { useState } from "react";
import { del } from "../api/client";
import type { Medium, Message } from "../api/types";
import { t } from "../i18n/t";
import { useDesk } from "../live/store";
import { Dialog } from "../ui/Dialog";
import { Failed } from "../ui/Failed";
import { useAnswer } from "../ui/useAnswer";
import { Again } from "./Again";
import { FileLink } from "./Attached";

function isShown(item: Medium): boolean {
  return Boolean(item.id) && (item.state ?? "kept") === "kept";
}

/** Said beforehand, so that nothing jumps when the picture comes. */
function sizes(item: Medium): { width?: number; height?: number } {
  return item.width && item.height ? { width: item.width, height: item.height } : {};
}

function Missing({ item, uri }: { item: Medium; uri: string }) {
  const href = item.state === "elsewhere" ? item.url : uri;
  const film = item.mime.startsWith("video/");
  const waits = item.state === "wanted";
  return (
    <div className={`missing ${waits ? "waits" : ""}`}>
      <b>{t(film ? "picture.film" : waits ? "picture.wanted" : "picture.missing")}</b>
      {item.reason ? <span>{item.reason}</span> : null}
      {item.alt ? <span dir="auto">{t("picture.shows", { alt: item.alt })}</span> : null}
      {item.state === "failed" && item.id ? <Again id={item.id} /> : null}
      {!waits && /^https:/.test(href) ? <a href={href} target="_blank" rel="noreferrer noopener">{t(film ? "picture.watch" : "message.open_there")}</a> : null}
    </div>
  );
}

function Thumb({ item, uri, onOpen }: { item: Medium; uri: string; onOpen: () => void }) {
  const [lost, setLost] = useState(false);
  if (lost) return <Missing item={{ ...item, id: null, state: "failed", reason: t("picture.lost") }} uri={uri} />;
  return (
    <button className="thumb" onClick={onOpen} aria-label={t("picture.open", { alt: item.alt || t("picture.unsaid") })}>
      <img src={item.url} alt={item.alt} {...sizes(item)} loading="lazy" onError={() => setLost(true)} />
    </button>
  );
}

function Remove({ item, onDone }: { item: Medium; onDone: () => void }) {
  const { me } = useDesk();
  const [sure, setSure] = useState(false);
  const { busy, failed, run } = useAnswer(onDone);
  if (me.agent.role !== "owner" && me.agent.role !== "lead") return null;
  const remove = (): void => {
    if (sure) void run(() => del(`/media/${item.id}`));
    else setSure(true);
  };
  return (
    <>
      <Failed why={failed} />
      <button className="btn far" aria-busy={busy || undefined} onClick={remove}>{t(sure ? "picture.remove_sure" : "picture.remove")}</button>
    </>
  );
}

interface LargeProps {
  items: Medium[];
  at: number;
  onAt: (at: number) => void;
  onClose: () => void;
}

function Large({ items, at, onAt, onClose }: LargeProps) {
  const item = items[at];
  if (!item) return null;
  const go = (by: number) => onAt((at + by + items.length) % items.length);
  return (
    <Dialog title={t("picture.title", { n: at + 1, of: items.length })} onClose={onClose} wide>
      <figure
        className="large"
        onKeyDown={(event) => {
          if (event.key === "ArrowLeft") go(-1);
          if (event.key === "ArrowRight") go(1);
        }}
      >
        <img src={item.url} alt={item.alt} {...sizes(item)} />
        <figcaption dir="auto">{item.alt || t("picture.unsaid")}</figcaption>
        <div className="large-btns">
          {/* The first button has the focus: Enter must not remove anything. */}
          <button className="btn" onClick={onClose}>{t("picture.close")}</button>
          {items.length > 1 ? <button className="btn" onClick={() => go(-1)}>{t("picture.before")}</button> : null}
          {items.length > 1 ? <button className="btn" onClick={() => go(1)}>{t("picture.after")}</button> : null}
          <Remove key={item.id} item={item} onDone={onClose} />
        </div>
      </figure>
    </Dialog>
  );
}

export function Gallery({ message }: { message: Message }) {
  const [open, setOpen] = useState<number | null>(null);
  if (!message.media.length) return null;
  const shown = message.media.filter((item) => isShown(item) && !item.name);
  return (
    <div className={`pictures ${message.media.length > 1 ? "many" : ""}`}>
      {message.media.map((item, index) =>
        item.name ? (
          <FileLink key={item.url} item={item} />
        ) : isShown(item) ? (
          <Thumb key={item.url} item={item} uri={message.uri} onOpen={() => setOpen(shown.indexOf(item))} />
        ) : (
          <Missing key={item.url + String(index)} item={item} uri={message.uri} />
        ),
      )}
      {open === null ? null : <Large items={shown} at={open} onAt={setOpen} onClose={() => setOpen(null)} />}
    </div>
  );
}
