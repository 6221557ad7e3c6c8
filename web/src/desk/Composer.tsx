import { forwardRef, useEffect, useImperativeHandle, useRef, type ClipboardEvent, type DragEvent, type KeyboardEvent } from "react";
import type { Card, Draft, Message } from "../api/types";
import { t } from "../i18n/t";
import { commandOf } from "../keys/keymap";
import { onEvent, useDesk } from "../live/store";
import { Icon } from "../ui/Icon";
import { Checks } from "./Checks";
import { fill, graphemes, signed } from "./count";
import type { Ask } from "./Menus";
import { PictureStrip, upload } from "./Pictures";
import { targetOf } from "./target";
import { useDraft } from "./useDraft";
import { usePresence } from "./usePresence";
import { useSend } from "./useSend";

export interface ComposerHandle {
  focus: (mode: Draft["mode"]) => void;
  insert: (macro: string) => void;
}

interface Props {
  card: Card;
  messages: Message[];
  kept: Draft | null;
  onSent: (next: boolean) => void;
  onAsk: (ask: Ask) => void;
}

function Ring({ share }: { share: number }) {
  const full = 2 * Math.PI * 9;
  const used = Math.min(1, share) * full;
  return (
    <svg className={`ring ${share > 1 ? "hot" : ""}`} viewBox="0 0 24 24" aria-hidden="true">
      <circle cx="12" cy="12" r="9" fill="none" className="ring-back" strokeWidth="3" />
      <circle cx="12" cy="12" r="9" fill="none" stroke="currentColor" strokeWidth="3" strokeDasharray={`${used} ${full}`} transform="rotate(-90 12 12)" />
    </svg>
  );
}

function Count({ length, limit, threads }: { length: number; limit: number; threads: boolean }) {
  const left = limit - length;
  const words =
    left >= 0 ? t("compose.left", { n: left })
    : threads ? t("compose.parts", { n: Math.ceil(length / limit) })
    : t("compose.over", { n: -left });
  return (
    <>
      <Ring share={length / limit} />
      <span className={`num ${left < 0 && !threads ? "hot" : ""}`}>{words}</span>
    </>
  );
}

export const Composer = forwardRef<ComposerHandle, Props>(function Composer({ card, messages, kept, onSent, onAsk }, ref) {
  const { me, channels } = useDesk();
  const channel = channels.find((one) => one.id === card.channel_id);
  const [draft, change, clear] = useDraft(card.id, kept);
  const area = useRef<HTMLTextAreaElement>(null);
  const file = useRef<HTMLInputElement>(null);
  const target = targetOf(messages, draft.in_reply_to);
  const isNote = draft.mode === "note";
  const sending = useSend({ card, draft, target: target?.id ?? null, seen: card.version, restore: (text) => change(text), clear, onSent });
  usePresence(card.id, draft.text);
  const values = {
    "customer.name": card.contact.name,
    "customer.handle": `@${card.contact.handle}`,
    "agent.name": me.agent.name,
    "agent.sign_off": me.agent.sign_off,
  };
  useEffect(
    () =>
      onEvent((event) => {
        const message = event.data.messages?.[0];
        const mine = event.kind === "delivery.undone" && event.conversation_id === card.id && message?.author.id === me.agent.id;
        // What was taken back comes back, unless something new was begun meanwhile.
        if (!mine || area.current?.value) return;
        const media = message.media.flatMap((item) => (item.id ? [{ id: item.id, alt: item.alt }] : []));
        change({ mode: "public", text: message.text.replace(me.agent.sign_off, "").trimEnd(), media });
      }),
    [card.id, change, me.agent.id, me.agent.sign_off],
  );
  useImperativeHandle(ref, () => ({
    focus: (mode) => {
      if (mode !== draft.mode) change({ mode });
      area.current?.focus();
    },
    insert: (macro) => {
      const gap = draft.text && !draft.text.endsWith(" ") ? " " : "";
      change({ text: draft.text + gap + fill(macro, values) });
      area.current?.focus();
    },
  }));
  if (me.agent.role === "viewer") return <p className="quiet center">{t("compose.viewer")}</p>;
  const limits = channel?.limits;
  const length = graphemes(signed(draft.text, me.agent.sign_off));
  const over = limits ? length > limits.length && !limits.threads : false;
  const altMissing = draft.media.some((item) => !item.alt.trim());
  const blocked = sending.busy || (!draft.text.trim() && !draft.media.length) || (!isNote && (over || altMissing));
  const add = async (files: Iterable<File>): Promise<void> => {
    const done = await upload(files, (limits?.images ?? 0) - draft.media.length);
    if (done.length) change({ media: [...draft.media, ...done.map(({ id }) => ({ id, alt: "" }))] });
  };
  const onKey = (event: KeyboardEvent): void => {
    if (event.key === "Escape") {
      // The first Escape leaves the field, only the next one the conversation.
      event.preventDefault();
      area.current?.blur();
    }
    const command = commandOf(event.nativeEvent, me.preferences.keymap ?? {}, false);
    if (command !== "send" && command !== "send_next") return;
    event.preventDefault();
    if (!blocked) void sending.send(command === "send_next");
  };
  const onPaste = (event: ClipboardEvent): void => {
    if (event.clipboardData.files.length) void add(event.clipboardData.files);
  };
  const onDrop = (event: DragEvent): void => {
    event.preventDefault();
    void add(event.dataTransfer.files);
  };
  return (
    <section className={`comp ${draft.mode}`} aria-label={t(isNote ? "compose.note" : "compose.public")} onDrop={onDrop} onDragOver={(event) => event.preventDefault()}>
      <div className="as">
        {isNote ? <b>{t("compose.note")}</b> : <><b>@{channel?.handle ?? "?"}</b><span>{t("compose.to", { handle: target?.author.handle ?? card.contact.handle })}</span><Icon name="globe" size={16} /></>}
        <div className="tabs" role="radiogroup" aria-label={t("compose.public")}>
          {(["public", "note"] as const).map((mode) => (
            <button key={mode} role="radio" aria-checked={draft.mode === mode} onClick={() => change({ mode })}>{t(`compose.${mode}`)}</button>
          ))}
        </div>
      </div>
      <textarea
        ref={area}
        className="text"
        dir="auto"
        rows={3}
        aria-label={isNote ? t("compose.note") : t("compose.placeholder", { name: card.contact.name })}
        placeholder={isNote ? t("compose.placeholder_note") : t("compose.placeholder", { name: card.contact.name })}
        value={draft.text}
        onChange={(event) => change({ text: event.target.value })}
        onKeyDown={onKey}
        onPaste={onPaste}
      />
      {isNote ? null : <PictureStrip media={draft.media} onChange={(media) => change({ media })} />}
      <Checks onTarget={(message) => change({ in_reply_to: message.id })} messages={messages} draft={draft} altMissing={altMissing} changed={sending.changed} onRead={sending.dismiss} onForce={(next) => void sending.send(next, true)} />
      <div className="send">
        {isNote || !limits ? null : <Count length={draft.text ? length : 0} limit={limits.length} threads={limits.threads} />}
        {isNote || !limits?.images ? null : <button className="plain" onClick={() => file.current?.click()}>{t("compose.image")}</button>}
        <button className="plain" onClick={() => onAsk("macro")}>{t("compose.macro")}</button>
        <input ref={file} type="file" accept={limits?.image_types.join(",") ?? "image/*"} multiple hidden onChange={(event) => { if (event.target.files) void add(event.target.files); event.target.value = ""; }} />
        <span className="grow" />
        <button className="btn go" disabled={blocked} onClick={() => void sending.send(false)}>
          {t(isNote ? "compose.add_note" : "compose.send")} <kbd>Ctrl ↵</kbd>
        </button>
      </div>
    </section>
  );
});
