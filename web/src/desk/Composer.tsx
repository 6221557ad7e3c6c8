import { Key } from "../keys/Key";
import { forwardRef, useEffect, useImperativeHandle, useRef, type ClipboardEvent, type DragEvent, type KeyboardEvent } from "react";
import { get } from "../api/client";
import type { Card, Draft, Message, Whole } from "../api/types";
import { t } from "../i18n/t";
import { commandOf } from "../keys/keymap";
import { onEvent, useDesk } from "../live/store";
import { Choose } from "../ui/Choose";
import { Icon } from "../ui/Icon";
import { Checks } from "./Checks";
import { fill, signed } from "./count";
import { Left, Parts } from "./Left";
import type { Ask } from "./Menus";
import { PictureStrip, upload } from "./Pictures";
import { Rival } from "./Rival";
import { targetOf } from "./target";
import { useDraft } from "./useDraft";
import { useLength } from "./usePreview";
import { usePresence } from "./usePresence";
import { useSend } from "./useSend";

const MODES = (["public", "note"] as const).map((value) => ({ value, label: t(`compose.${value}`) }));

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

export const Composer = forwardRef<ComposerHandle, Props>(function Composer({ card, messages, kept, onSent, onAsk }, ref) {
  const { me, channels } = useDesk();
  const channel = channels.find((one) => one.id === card.channel_id);
  const writing = useDraft(card.id, kept);
  const { draft, change, clear } = writing;
  const area = useRef<HTMLTextAreaElement>(null);
  const file = useRef<HTMLInputElement>(null);
  const target = targetOf(messages, draft.in_reply_to);
  const isNote = draft.mode === "note";
  const other = target?.author ?? card.contact;
  const sending = useSend({ card, draft, target: target?.id ?? null, restore: (text) => change(text), clear, onSent });
  const limits = channel?.limits;
  const full = signed(draft.text, me.agent.sign_off);
  const { length, parts, refusal, warnings } = useLength(card.id, isNote ? "" : draft.text, full, limits);
  usePresence(card.id, draft.text);
  const values = {
    "customer.name": other.name,
    "customer.handle": `@${other.handle}`,
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
        void get<Whole>(`/conversations/${card.id}`).then(
          (whole) => whole.draft && !area.current?.value && change(whole.draft),
          () => undefined,
        );
      }),
    [card.id, change, me.agent.id],
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
  const over = refusal !== "" || (limits ? length > limits.length && !limits.threads : false);
  const altMissing = draft.media.some((item) => !item.alt.trim());
  const blocked = sending.busy || (!draft.text.trim() && !draft.media.length) || (!isNote && (over || altMissing));
  const add = async (files: Iterable<File>): Promise<void> => {
    const done = await upload(files, (limits?.images ?? 0) - draft.media.length);
    // Words may have been given to the first picture while the second was on its way.
    if (done.length) change((now) => ({ media: [...now.media, ...done.map(({ id }) => ({ id, alt: "" }))] }));
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
        {isNote ? <b>{t("compose.note")}</b> : <><b><bdi>@{channel?.handle ?? "?"}</bdi></b><span dir="auto">{t("compose.to", { handle: other.handle })}</span><Icon name="globe" size={16} /></>}
        <Choose label={t("compose.who_reads")} value={draft.mode} options={MODES} onChange={(mode) => change({ mode })} />
      </div>
      <textarea
        ref={area}
        className="text"
        dir="auto"
        rows={3}
        aria-label={isNote ? t("compose.note") : t("compose.placeholder", { name: other.name })}
        placeholder={isNote ? t("compose.placeholder_note") : t("compose.placeholder", { name: other.name })}
        value={draft.text}
        // Whom one writes to is settled with the first letter, also when somebody else posts meanwhile.
        onChange={(event) => change({ text: event.target.value, in_reply_to: target?.id ?? null })}
        onKeyDown={onKey}
        onPaste={onPaste}
      />
      {isNote ? null : <PictureStrip media={draft.media} onChange={(media) => change({ media })} />}
      {isNote ? null : <Parts parts={parts} />}
      {writing.rival ? <Rival rival={writing.rival} onSettle={writing.settle} /> : null}
      <Checks onTarget={(message) => change({ in_reply_to: message.id })} messages={messages} draft={draft} altMissing={altMissing} warnings={warnings} changed={sending.changed} onRead={sending.dismiss} onForce={(next) => void sending.send(next, true)} />
      <div className="send">
        {isNote || !limits ? null : <Left length={draft.text ? length : 0} limit={limits.length} threads={limits.threads} parts={parts} refused={refusal !== ""} />}
        {isNote || !limits?.images ? null : <button className="plain" onClick={() => file.current?.click()}>{t("compose.image")}</button>}
        <button className="plain" onClick={() => onAsk("macro")}>{t("compose.macro")}</button>
        <input ref={file} type="file" accept={limits?.image_types.join(",") ?? "image/*"} multiple hidden onChange={(event) => { if (event.target.files) void add(event.target.files); event.target.value = ""; }} />
        <span className="grow" />
        <button className="btn go" disabled={blocked} onClick={() => void sending.send(false)}>
          {t(isNote ? "compose.add_note" : "compose.send")} <Key of="send" />
        </button>
      </div>
    </section>
  );
});
