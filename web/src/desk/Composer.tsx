import { Key } from "../keys/Key";
import { forwardRef, useRef, useState, type ClipboardEvent, type DragEvent, type KeyboardEvent } from "react";
import type { Card, Draft, Message } from "../api/types";
import { t } from "../i18n/t";
import { commandOf } from "../keys/keymap";
import { useAway, useCalled, useDesk } from "../live/store";
import { directionOf } from "../ui/direction";
import { Aside } from "./Aside";
import { Barred } from "./Barred";
import { Checks } from "./Checks";
import { signed } from "./count";
import { Left, Parts } from "./Left";
import type { Ask } from "./Menus";
import { PictureStrip, upload } from "./Pictures";
import { Prepared } from "./Prepared";
import { limitsOf, modeOf, turned } from "./readers";
import { Rival } from "./Rival";
import { Speaker } from "./Speaker";
import { subjectOf, targetOf } from "./target";
import { useDraft } from "./useDraft";
import { useHandle, type ComposerHandle } from "./useHandle";
import { useLength } from "./usePreview";
import { usePresence } from "./usePresence";
import { useSend } from "./useSend";
import { useUndone } from "./useUndone";
import { useWord, Word } from "./Word";
import { useReach, WhoReads } from "./WhoReads";

export type { ComposerHandle } from "./useHandle";

interface Props {
  card: Card;
  messages: Message[];
  kept: Draft | null;
  onSent: (next: boolean) => void;
  onAsk: (ask: Ask) => void;
}

export const Composer = forwardRef<ComposerHandle, Props>(function Composer({ card, messages, kept, onSent, onAsk }, ref) {
  const { me, channels } = useDesk();
  const called = useCalled();
  const unplugged = useAway() && !navigator.onLine;
  const channel = channels.find((one) => one.id === card.channel_id);
  const writing = useDraft(card.id, kept);
  const { draft, change, clear } = writing;
  const area = useRef<HTMLTextAreaElement>(null);
  const file = useRef<HTMLInputElement>(null);
  /** On a phone, the writing fills the screen from the first touch until it is done. */
  const [wide, setWide] = useState(false);
  const done = (): void => {
    setWide(false);
    area.current?.blur();
  };
  const target = targetOf(messages, draft.in_reply_to);
  const mode = modeOf(card, draft.mode);
  const isNote = mode === "note";
  const leaves = card.visibility === "public" && mode === "direct";
  const other = target?.author ?? card.contact;
  const warning = channel?.can.warnings && !isNote ? (draft.warning ?? target?.extra?.warning ?? "") : "";
  const offered = typeof draft.warning === "string";
  const reaching = useReach(card, target?.id ?? null, other.id ?? "", leaves);
  const word = useWord(isNote ? "" : draft.text);
  const sent = (next: boolean): void => {
    done();
    onSent(next);
  };
  const sending = useSend({ card, draft, mode, warning, target: target?.id ?? null, restore: (text) => change(text), clear, onWay: word.keep, onSent: sent });
  const limits = limitsOf(channel, mode);
  const full = signed(draft.text, me.agent.sign_off);
  const { length, parts, refusal, warnings } = useLength(`/conversations/${card.id}/preview`, isNote ? "" : draft.text, full, limits, leaves ? "direct" : "");
  usePresence(card.id, draft.text);
  const values = {
    "customer.name": other.name,
    "customer.handle": called(card.network, other.handle),
    "agent.name": me.agent.name,
    "agent.sign_off": me.agent.sign_off,
  };
  useUndone(card.id, area, change);
  const insert = useHandle(ref, { card, mode, area, values, change });
  if (me.agent.role === "viewer") return <p className="quiet center">{t("compose.viewer")}</p>;
  const over = refusal !== "" || (limits ? length > limits.length && !limits.threads : false);
  const barred = mode === "public" && Boolean(target?.extra?.barred);
  const altMissing = limits?.alt_text_required === true && draft.media.some((item) => !item.name && !item.alt.trim());
  const blocked = unplugged || sending.busy || (!draft.text.trim() && !draft.media.length) || (!isNote && (over || altMissing)) || barred || (leaves && reaching.reach?.can === false);
  const add = async (files: Iterable<File>): Promise<void> => {
    const added = limits ? await upload(files, limits, draft.media.length) : [];
    // Words may have been given to the first picture while the second was on its way.
    if (added.length) change((now) => ({ media: [...now.media, ...added] }));
  };
  const onKey = (event: KeyboardEvent): void => {
    if (event.key === "Escape") {
      // The first Escape leaves the field, only the next one the conversation.
      event.preventDefault();
      done();
    }
    const command = commandOf(event.nativeEvent, me.preferences.keymap ?? {}, false);
    if (command === "word" && word.accept()) event.preventDefault();
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
    <section className={`comp ${mode} ${wide ? "wide" : ""}`} aria-label={t(`compose.${mode}`)} onDrop={onDrop} onDragOver={(event) => event.preventDefault()}>
      <Speaker handle={channel ? called(channel.network, channel.handle) : "?"} to={called(card.network, other.handle)} mode={mode} answered={target?.text ?? ""} subject={card.visibility === "email" ? subjectOf(messages, target) : null} wide={wide} onDone={done}>
        <WhoReads card={card} channel={channel} mode={mode} reaching={reaching} onMode={(to) => change((now) => turned(now, mode, to))} />
      </Speaker>
      {barred && target ? <Barred target={target} channel={channel} text={draft.text} onDone={clear} /> : null}
      <textarea
        ref={area}
        className="text"
        dir={directionOf(draft.text)}
        rows={3}
        aria-label={isNote ? t("compose.note") : t("compose.placeholder", { name: other.name })}
        placeholder={isNote ? t("compose.placeholder_note") : t("compose.placeholder", { name: other.name })}
        value={draft.text}
        // Whom one writes to is settled with the first letter, also when somebody else posts meanwhile.
        onChange={(event) => change({ text: event.target.value, in_reply_to: target?.id ?? null })}
        onFocus={() => setWide(true)}
        onKeyDown={onKey}
        onPaste={onPaste}
      />
      <Prepared card={card} on={!isNote && !draft.text && !barred} onTake={insert} />
      {isNote ? null : <PictureStrip media={draft.media} onChange={(media) => change({ media })} />}
      {isNote ? null : <Parts parts={parts} />}
      <Aside draft={draft} mode={mode} warning={warning} channel={channel} reach={reaching.reach} leaves={leaves} onChange={change} />
      <Word {...word} />
      {writing.rival ? <Rival rival={writing.rival} onSettle={writing.settle} /> : null}
      <Checks isNote={isNote} isPublic={mode === "public" && !draft.then && !draft.move} onMove={() => onAsk("move")} warnings={warnings} onTarget={(message) => change({ in_reply_to: message.id })} messages={messages} draft={draft} altMissing={altMissing} changed={sending.changed} onRead={sending.dismiss} onForce={(next) => void sending.send(next, true)} />
      <div className="send">
        {isNote || !limits ? null : <Left length={draft.text ? length : 0} limit={limits.length} threads={limits.threads} parts={parts} refused={refusal !== ""} />}
        {isNote || !limits?.images ? null : <button className="plain" onClick={() => file.current?.click()}>{t(limits.files ? "compose.file" : "compose.image")}</button>}
        {channel?.can.warnings && !isNote && !warning && !offered ? <button className="plain" onClick={() => change({ warning: "" })}>{t("compose.warning")}</button> : null}
        <button className="plain" onClick={() => onAsk("macro")}>{t("compose.macro")}</button>
        <input ref={file} type="file" accept={limits ? [...limits.image_types, ...limits.file_types].join(",") : "image/*"} multiple hidden onChange={(event) => { if (event.target.files) void add(event.target.files); event.target.value = ""; }} />
        <span className="grow" />
        <button className="btn go" disabled={blocked} aria-busy={sending.busy || undefined} onClick={() => void sending.send(false)}>
          {t(isNote ? "compose.add_note" : card.visibility === "email" ? "compose.send_mail" : mode === "direct" ? "compose.send_private" : "compose.send")} <Key of="send" />
        </button>
      </div>
    </section>
  );
});
