/** The lead's board: what presses, who is here, and one key to give a conversation to another. */
import { useState } from "react";
import { words } from "../api/client";
import { Banners, Toasts } from "../desk/Bars";
import { Header } from "../desk/Header";
import { Menus } from "../desk/Menus";
import { Nav } from "../desk/Nav";
import { Palette } from "../desk/Palette";
import { useResolving } from "../desk/resolving";
import { go } from "../desk/route";
import { t } from "../i18n/t";
import { useKeys } from "../keys/Key";
import type { Command } from "../keys/keymap";
import { Sheet } from "../keys/Sheet";
import { useCommands } from "../keys/useCommands";
import { useDesk } from "../live/store";
import { Loaded } from "../settings/parts";
import { capped } from "../ui/number";
import { clockTime } from "../ui/time";
import { Crew, GapsToday } from "./Crew";
import { Pressing, type Section } from "./Pressing";
import { useBoard, WITHIN, type Board } from "./useBoard";

const open = (id: string): void => go(`/c/${id}`);
const SECTIONS = ["late", "near", "oldest"] as const;

function Figures({ board }: { board: Board }) {
  const shown = [
    ["late", board.late_count, t("board.late"), board.late_count > 0],
    ["near", board.near_count, t("board.near", { n: board.within }), false],
    ["waiting", board.waiting, t("board.waiting"), false],
    ["unassigned", board.unassigned, t("board.unassigned"), false],
  ] as const;
  return (
    <dl className="sums">
      {shown.map(([name, count, label, hot]) => (
        <div key={name}><dt>{label}</dt><dd className={`num ${hot ? "hot" : ""}`}>{capped(count)}</dd></div>
      ))}
    </dl>
  );
}

export function BoardScreen() {
  const query = useBoard();
  useResolving();
  const { cards } = useDesk();
  const keys = useKeys();
  const [chosen, setChosen] = useState<string | null>(null);
  const [asked, setAsked] = useState<string | null>(null);
  const [modal, setModal] = useState<"palette" | "sheet" | null>(null);
  const board = query.data;
  const lines = SECTIONS.flatMap((section) => (board?.[section] ?? []).map((card) => `${section}/${card.id}`));
  const step = (by: number): void => {
    const at = chosen ? lines.indexOf(chosen) : -1;
    setChosen(lines[at < 0 ? 0 : Math.max(0, Math.min(lines.length - 1, at + by))] ?? null);
  };
  const here = chosen && lines.includes(chosen) ? chosen.slice(chosen.indexOf("/") + 1) : null;
  const commands: Partial<Record<Command, () => void>> = {
    down: () => step(1),
    up: () => step(-1),
    assign: () => setAsked(here),
    search: () => setModal("palette"),
    palette: () => setModal("palette"),
    sheet: () => setModal("sheet"),
    mentions: () => go("/mentions"),
    figures: () => go("/figures"),
    radar: () => go("/radar"),
    back: () => go("/"),
  };
  useCommands(commands);
  const card = asked ? cards.get(asked) : undefined;
  const close = (): void => {
    setAsked(null);
    void query.refetch();
  };
  const list = (section: Section, title: string, none: string, count: number) => (
    <Pressing section={section} title={title} none={none} count={count} cards={(board?.[section] ?? []).map((one) => cards.get(one.id) ?? one)} chosen={chosen} onChoose={setChosen} onOpen={open} onAssign={setAsked} />
  );
  return (
    <div className="desk boarding">
      <Header onPalette={() => setModal("palette")} />
      <section className="banners" aria-label={t("banner.label")}><Banners /></section>
      <Nav view="board" />
      <main className="board">
        <div className="split-head first">
          <h1>{t("board.title")}</h1>
          <a className="btn" href="/figures" onClick={(event) => { event.preventDefault(); go("/figures"); }}>{t("nav.figures")}</a>
          <a className="btn" href="/radar" onClick={(event) => { event.preventDefault(); go("/radar"); }}>{t("nav.radar")}</a>
        </div>
        <p className="quiet keys">{t("board.keys", keys)}</p>
        <Loaded query={query}>
          {(found) => (
            <>
              {query.error ? <p className="failed" role="alert">{t("board.stale", { why: words(query.error), time: clockTime(found.at) })}</p> : null}
              <Figures board={found} />
              <div className="board-in">
                <div>
                  {list("late", t("board.late_title"), t("board.late_none"), found.late_count)}
                  {list("near", t("board.near_title", { n: WITHIN }), t("board.near_none", { n: WITHIN }), found.near_count)}
                </div>
                <div>{list("oldest", t("board.oldest_title"), t("board.oldest_none"), found.waiting)}</div>
                <div>
                  <Crew people={found.people} rostered={found.rostered} />
                  <GapsToday board={found} />
                </div>
              </div>
            </>
          )}
        </Loaded>
      </main>
      {card ? <Menus ask="assign" card={card} onAsk={close} onMacro={() => undefined} onInvite={() => undefined} onDirect={() => undefined} /> : null}
      {modal === "palette" ? <Palette commands={commands} onOpen={open} onClose={() => setModal(null)} /> : null}
      {modal === "sheet" ? <Sheet onClose={() => setModal(null)} /> : null}
      <Toasts />
    </div>
  );
}
