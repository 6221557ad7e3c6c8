import { useKeys } from "../keys/Key";
import { useCallback, useEffect, useRef, useState } from "react";
import { useFolds } from "../folds/useFolds";
import { has, t } from "../i18n/t";
import type { Command } from "../keys/keymap";
import { Sheet } from "../keys/Sheet";
import { useCommands } from "../keys/useCommands";
import { useDesk } from "../live/store";
import { Another } from "./Another";
import { useAlerts } from "../paging/alerts";
import { useSearches } from "../mentions/useSearches";
import { useReaches } from "../outreach/useRules";
import { Banners, Toasts } from "./Bars";
import { BulkBar } from "./Bulk";
import type { ComposerHandle } from "./Composer";
import { Header } from "./Header";
import { List } from "./List";
import { Menus, type Ask } from "./Menus";
import { Nav } from "./Nav";
import { Palette } from "./Palette";
import { go } from "./route";
import { Side } from "./Side";
import { Talk } from "./Talk";
import { useBegun } from "./begun";
import { useResolving } from "./resolving";
import { useTicking } from "./ticking";
import { useConversation } from "./useConversation";
import { useNotices } from "./useNotices";
import type { Led } from "./useRoving";
import { useView } from "./useView";

type Modal = "palette" | "sheet" | null;

function useTitle(view: string): string {
  const { views } = useDesk();
  const key = `nav.${view}`;
  return has(key) ? t(key) : (views.find((saved) => saved.id === view)?.name ?? t("nav.all"));
}

export function DeskScreen({ view, chosen }: { view: string; chosen: string | null }) {
  const keys = useKeys();
  useTicking();
  useResolving();
  const all = useView(view);
  const { filter } = all;
  const [folding, setFolding] = useState("");
  const folds = useFolds(view, folding === view);
  const folded = folding === view ? folds : null;
  const { cards, loading, failed: unlisted, more } = folded ?? all;
  const fold = (): void => setFolding((now) => (now === view ? "" : view));
  const unfold = (): void => {
    const one = folds.folds.get(chosen ?? led?.id ?? "");
    if (one) folds.toggle(one);
  };
  const opened = useConversation(chosen);
  const [ask, setAsk] = useState<Ask | null>(null);
  const [swiped, setSwiped] = useState<string | null>(null);
  const { cards: known, macros, me } = useDesk();
  const leads = me.agent.role === "owner" || me.agent.role === "lead";
  const closing = macros.find((macro) => macro.name === t("move.close_macro"))?.text ?? t("move.close_text");
  const [led, setLed] = useState<Led | null>(null);
  const [modal, setModal] = useState<Modal>(null);
  const [picked, setPicked] = useState(new Set<string>());
  const composer = useRef<ComposerHandle>(null);
  const title = useTitle(view);
  const alerts = useAlerts();
  const { data: searches } = useSearches();
  const reaches = useReaches();
  const { card, messages, whole, failed, again } = opened;

  const open = useCallback((id: string) => {
    // Who opens what is open goes into it: Enter leads from the list to the words.
    if (window.location.pathname === `/c/${id}`) document.querySelector<HTMLElement>(".flow")?.focus();
    else go(`/c/${id}`);
  }, []);
  useNotices(open);
  useBegun(card && whole ? card.id : undefined, composer);
  const lastPicked = useRef<string | null>(null);
  const shown = useRef(cards);
  useEffect(() => {
    shown.current = cards;
  });
  const pick = useCallback((id: string, range = false) => {
    const ids = shown.current.map((one) => one.id);
    const [from, to] = [ids.indexOf(lastPicked.current ?? ""), ids.indexOf(id)];
    lastPicked.current = id;
    setPicked((before) => {
      const next = new Set(before);
      if (range && from >= 0) ids.slice(Math.min(from, to), Math.max(from, to) + 1).forEach((one) => next.add(one));
      else if (!next.delete(id)) next.add(id);
      return next;
    });
  }, []);
  const pickAll = useCallback((ids: string[]) => setPicked((before) => new Set([...before, ...ids])), []);
  const swipe = useCallback((id: string, what: Ask) => {
    setSwiped(id);
    setAsk(what);
  }, []);
  const asked = swiped ? known.get(swiped) : card;
  const askOf = (what: Ask | null): void => {
    if (!what) setSwiped(null);
    setAsk(what);
  };
  const step = (by: number): void => {
    const at = cards.findIndex((one) => one.id === (chosen ?? led?.id));
    const next = cards[at < 0 ? 0 : Math.max(0, Math.min(cards.length - 1, at + by))];
    if (!next) return;
    open(next.id);
    setLed({ id: next.id });
  };
  const after = (next: boolean): void => {
    if (!next) return;
    const waiting = cards.find((one) => one.id !== chosen && one.unanswered > 0 && one.sending === 0);
    if (waiting) open(waiting.id);
    else go(`/v/${view}`);
  };
  const asking = (what: Ask) => (): void => {
    if (card) setAsk(what);
  };
  const commands: Partial<Record<Command, () => void>> = {
    open: () => (chosen ? open(chosen) : step(0)),
    down: () => step(1),
    up: () => step(-1),
    reply: () => composer.current?.focus("public"),
    note: () => composer.current?.focus("note"),
    direct: () => composer.current?.focus("direct"),
    move: asking("move"),
    another: asking("another"),
    close_public: () => card?.visibility === "public" && composer.current?.close(closing),
    assign: asking("assign"),
    snooze: asking("snooze"),
    follow: asking("follow"),
    promise: asking("promise"),
    resolve: asking("resolve"),
    severity: asking("severity"),
    correct: asking("correct"),
    tag: asking("tag"),
    summary: asking("summary"),
    merge: asking("merge"),
    ...(filter.status === "open" ? { fold } : {}),
    ...(folded ? { unfold } : {}),
    select: () => chosen && pick(chosen),
    search: () => setModal("palette"),
    palette: () => setModal("palette"),
    sheet: () => setModal("sheet"),
    have: () => void alerts.have(),
    ...(leads || searches?.length ? { mentions: () => go("/mentions") } : {}),
    ...(reaches ? { outreach: () => go("/outreach") } : {}),
    ...(leads ? { figures: () => go("/figures"), radar: () => go("/radar") } : {}),
    back: () => {
      if (chosen) setLed({ id: chosen });
      go(`/v/${view}`);
    },
  };
  useCommands(commands);
  const leave = useCallback((ids: string[]) => setPicked(new Set(ids)), []);
  return (
    <div className={`desk ${chosen ? "reading" : ""}`}>
      <Header onPalette={() => setModal("palette")} />
      <section className="banners" aria-label={t("banner.label")}><Banners /></section>
      <Nav view={view} />
      <List title={title} view={view} byTime={filter.order === "time_left"} cards={cards} folded={folded} onFold={filter.status === "open" ? fold : undefined} onPickAll={pickAll} chosen={chosen} led={led} picked={picked} loading={loading} failed={unlisted} more={more} onOpen={open} onPick={pick} onSwipe={swipe} />
      {card && whole ? (
        <Talk card={card} messages={messages} whole={whole} composer={composer} onAsk={setAsk} onSent={after} onBack={() => go(`/v/${view}`)} />
      ) : (
        <section className="talk none" role={chosen ? "main" : undefined} aria-label={t("talk.label")}>
          <p role="status">{failed ? failed : chosen ? t("settings.loading") : cards.length ? t("talk.none", keys) : ""}</p>
        </section>
      )}
      {card ? <Side card={card} contact={whole?.contact} onOpen={open} onAsk={setAsk} onChanged={again} /> : <aside aria-label={t("side.label")} />}
      {asked && ask === "another" ? <Another card={asked} contact={whole?.card.id === asked.id ? whole.contact : undefined} onCode={(text) => composer.current?.whisper(text)} onChanged={again} onClose={() => askOf(null)} /> : null}
      {asked && ask && ask !== "another" ? <Menus key={ask} ask={ask} card={asked} contact={whole?.card.id === asked.id ? whole.contact : undefined} onAsk={askOf} onMacro={(text) => composer.current?.insert(text)} onInvite={(text, move) => composer.current?.invite(text, move)} onDirect={() => composer.current?.focus("direct")} /> : null}
      {modal === "palette" ? <Palette commands={commands} onOpen={open} onClose={() => setModal(null)} /> : null}
      {modal === "sheet" ? <Sheet onClose={() => setModal(null)} /> : null}
      {picked.size ? <section aria-label={t("bulk.label")}><BulkBar picked={picked} onLeave={leave} /></section> : null}
      <Toasts />
    </div>
  );
}
