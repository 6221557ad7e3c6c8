/** The menus of a conversation; each is a Picker, so all work alike and by keyboard. */
import { useState } from "react";
import type { Card, Contact } from "../api/types";
import { t } from "../i18n/t";
import { Correct } from "../judgement/Correct";
import { useDesk } from "../live/store";
import { Dialog } from "../ui/Dialog";
import { Failed } from "../ui/Failed";
import { Picker, type Choice } from "../ui/Picker";
import { useAnswer } from "../ui/useAnswer";
import { assign, handOver, reopen, resolve, setSeverity, snooze, toggleTag, wait, wake } from "./acts";
import { waysOf } from "./moving";
import { GiveWord } from "./GiveWord";
import { MergeInto } from "./MergeInto";
import { PlanFollowUp } from "./PlanFollowUp";
import { Summary } from "./Summary";

export type Ask = "assign" | "snooze" | "resolve" | "severity" | "tag" | "macro" | "merge" | "when" | "more" | "summary" | "move" | "follow" | "another" | "promise" | "correct";

interface Props {
  ask: Ask;
  card: Card;
  /** Whose it is, once that is known. */
  contact?: Contact | undefined;
  onAsk: (ask: Ask | null) => void;
  onMacro: (text: string) => void;
  onInvite: (text: string, move: string) => void;
  onDirect: () => void;
}

function at(days: number, hour: number): string {
  const date = new Date();
  date.setDate(date.getDate() + days);
  date.setHours(hour, 0, 0, 0);
  return date.toISOString();
}

function snoozes(card: Card, onAsk: (ask: Ask | null) => void): Choice[] {
  const toMonday = (8 - new Date().getDay()) % 7 || 7;
  const choices: Choice[] = [
    { id: "hour", label: t("snooze.hour"), work: () => snooze(card.id, new Date(Date.now() + 3_600_000).toISOString()) },
    { id: "tomorrow", label: t("snooze.tomorrow"), work: () => snooze(card.id, at(1, 9)) },
    { id: "monday", label: t("snooze.monday"), work: () => snooze(card.id, at(toMonday, 9)) },
    { id: "when", label: t("snooze.pick"), act: () => onAsk("when") },
  ];
  // While people wait for us, only a time is an answer to "until when".
  if (!card.unanswered) choices.splice(3, 0, { id: "reply", label: t("snooze.reply"), work: () => snooze(card.id, null) });
  if (card.status === "snoozed") choices.unshift({ id: "wake", label: t("act.wake"), work: () => wake(card.id) });
  return choices;
}

function When({ card, onClose }: { card: Card; onClose: () => void }) {
  const [value, setValue] = useState("");
  const answer = useAnswer(onClose);
  return (
    <Dialog title={t("snooze.title")} onClose={onClose}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          if (value) void answer.run(() => snooze(card.id, new Date(value).toISOString()));
        }}
      >
        <input type="datetime-local" aria-label={t("snooze.pick")} value={value} required autoFocus data-first onChange={(event) => setValue(event.target.value)} />
        <Failed why={answer.failed} />
        <button className="btn go" aria-busy={answer.busy || undefined}>{t("act.snooze")}</button>
      </form>
    </Dialog>
  );
}

const ENDS = ["solved", "no_reply_needed", "praise_noted", "answered_elsewhere", "duplicate", "spam"] as const;

function Resolve({ card, onClose }: { card: Card; onClose: () => void }) {
  const [end, setEnd] = useState<(typeof ENDS)[number]>(card.unanswered ? "no_reply_needed" : "solved");
  const [reason, setReason] = useState("");
  const [seen] = useState(card.unanswered);
  const answer = useAnswer(onClose);
  return (
    <Dialog title={t("resolve.title")} onClose={onClose}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          void answer.run(() => resolve(card.id, end, reason, seen));
        }}
      >
        <fieldset className="ends">
          <legend className="hidden">{t("resolve.title")}</legend>
          {ENDS.map((name) => (
            <label key={name}>
              <input type="radio" name="end" checked={end === name} data-first={end === name || undefined} onChange={() => setEnd(name)} />
              {t(`resolve.${name}`)}
            </label>
          ))}
        </fieldset>
        {card.unanswered ? (
          <>
            <p className="quiet">{t("resolve.reason_help", { n: card.unanswered })}</p>
            <input aria-label={t("resolve.reason")} placeholder={t("resolve.reason")} value={reason} required maxLength={300} onChange={(event) => setReason(event.target.value)} />
          </>
        ) : null}
        <Failed why={answer.failed} />
        <button className="btn go" aria-busy={answer.busy || undefined}>{t("act.resolve")}</button>
      </form>
    </Dialog>
  );
}

const MORE = ["follow", "promise", "summary", "severity", "correct", "tag", "merge", "move", "another"] as const;

/** What has no button of its own; without it a finger could not reach it. */
function more(card: Card, onAsk: (ask: Ask | null) => void): Choice[] {
  const choices: Choice[] = MORE.map((ask) => ({ id: ask, label: t(`act.${ask}`), act: () => setTimeout(() => onAsk(ask), 0) }));
  if (card.status === "open") choices.push({ id: "pending", label: t("act.pending"), work: () => wait(card.id) });
  return choices;
}

export function Menus({ ask, card, contact, onAsk, onMacro, onInvite, onDirect }: Props) {
  const desk = useDesk();
  const [typed, setTyped] = useState("");
  // As it was when asked: the card changes at once, the dialog only with the answer.
  const [status] = useState(card.status);
  const close = (): void => onAsk(null);
  if (ask === "when") return <When card={card} onClose={close} />;
  if (ask === "promise") return <GiveWord card={card} onClose={close} />;
  if (ask === "follow") return <PlanFollowUp card={card} onClose={close} />;
  if (ask === "correct") return <Correct card={card} onClose={close} />;
  if (ask === "summary") return <Summary card={card} onClose={close} />;
  if (ask === "resolve") {
    if (status !== "resolved") return <Resolve card={card} onClose={close} />;
    return <Picker title={t("act.reopen")} choices={[{ id: "reopen", label: t("act.reopen"), work: () => reopen(card.id) }]} onClose={close} />;
  }
  if (ask === "snooze")
    return <Picker title={t("snooze.title")} choices={snoozes(card, (next) => setTimeout(() => onAsk(next), 0))} onClose={close} />;
  if (ask === "more") return <Picker title={t("act.more")} choices={more(card, onAsk)} onClose={close} />;
  if (ask === "move")
    return <Picker title={t("move.title")} empty={t("move.none")} choices={waysOf(card, desk.channels, contact, onInvite, onDirect)} onClose={close} />;
  if (ask === "severity")
    return <Picker title={t("severity.title")} onClose={close} choices={([1, 2, 3, 4, 5] as const).map((n) => ({ id: String(n), label: t(`severity.${n}`), on: card.severity === n, work: () => setSeverity(card.id, n) }))} />;
  if (ask === "assign") {
    const others = desk.agents.filter((agent) => !agent.disabled && agent.role !== "viewer" && agent.id !== desk.me.agent.id);
    const choices = [
      { id: "me", label: t("assign.me"), on: card.assignee_id === desk.me.agent.id, work: () => assign(card.id, desk.me.agent.id) },
      ...others.map((agent) => ({ id: agent.id, label: agent.name, hint: t(`role.${agent.role}`), on: card.assignee_id === agent.id, work: () => assign(card.id, agent.id) })),
      ...desk.teams.map((team) => ({ id: team.id, label: team.name, hint: t("assign.team"), on: card.team_id === team.id, work: () => handOver(card, card.team_id === team.id ? null : team) })),
      { id: "nobody", label: t("assign.nobody"), work: () => assign(card.id, null) },
    ];
    return <Picker title={t("assign.title")} choices={choices} onClose={close} />;
  }
  if (ask === "tag") {
    const name = typed.trim();
    const known = desk.tags.map((tag) => ({ id: tag.name, label: tag.name, on: card.tags.includes(tag.name), work: () => toggleTag(card, tag.name) }));
    const fresh = name && !desk.tags.some((tag) => tag.name === name) ? [{ id: "new", label: t("tag.new", { name }), work: () => toggleTag(card, name) }] : [];
    return <Picker title={t("tag.title")} choices={[...known, ...fresh]} onClose={close} onType={setTyped} />;
  }
  if (ask === "macro")
    return <Picker title={t("macro.title")} empty={t("macro.none")} choices={desk.macros.map((macro) => ({ id: macro.id, label: macro.name, hint: macro.text, act: () => onMacro(macro.text) }))} onClose={close} />;
  return <MergeInto card={card} onClose={close} />;
}
