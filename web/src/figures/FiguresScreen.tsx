/** The lead's figures: today beside the last weeks, from day to day, and split; each leads to its cases. */
import { useState } from "react";
import { words } from "../api/client";
import { Banners, Toasts } from "../desk/Bars";
import { Header } from "../desk/Header";
import { Nav } from "../desk/Nav";
import { Palette } from "../desk/Palette";
import { go } from "../desk/route";
import { t } from "../i18n/t";
import type { Command } from "../keys/keymap";
import { Sheet } from "../keys/Sheet";
import { useCommands } from "../keys/useCommands";
import { useDesk } from "../live/store";
import { Loaded } from "../settings/parts";
import { Choose } from "../ui/Choose";
import { clockTime } from "../ui/time";
import { BehindDialog } from "./BehindDialog";
import { Cards, Sum, type Look } from "./Cards";
import { Course } from "./Course";
import { SPLITS, STAGES, type Behind, type Clock, type Figure, type Figures, type Split, type Stage, type Which } from "./figure";
import { Lines, empty, nameOf } from "./Lines";
import { Only } from "./Only";
import { queryOf, useFigures, type Asked } from "./useFigures";

const open = (id: string): void => go(`/c/${id}`);
const DAYS = ["7", "28", "84"] as const;

interface Shown {
  daily: Figures;
  asked: Asked;
  onSplit: (by: Split) => void;
  onLook: (behind: Behind) => void;
}

/** What the figures of some days say. */
function Said({ daily, asked, onSplit, onLook }: Shown) {
  const [clock, setClock] = useState<Clock>("wall");
  const [stage, setStage] = useState<Stage>("first");
  const { rules } = useDesk().me;
  const split = useFigures(asked);
  const today = daily.rows.at(-1);
  const whole = { from: daily.first_day, to: daily.last_day };
  const look: Look = (span, which, longest = false) =>
    onLook({ which, longest, only: asked.only, ...(span === "today" ? { title: t("figures.today"), from: whole.to, to: whole.to } : { title: t("figures.days", { days: asked.days }), ...whole }) });
  const into = (row: Figure, by: Split, which: Which, longest = false): void => {
    const title = row === split.data?.total ? t("figures.all") : nameOf(row, by);
    if (row === split.data?.total) onLook({ which, longest, title, only: asked.only, ...whole });
    else if (by === "day") onLook({ which, longest, title, only: asked.only, from: row.key ?? whole.from, to: row.key ?? whole.to });
    else onLook({ which, longest, title, only: { ...asked.only, [by]: row.key ?? "none" }, ...whole });
  };
  const splits = SPLITS.filter((by) => by !== "agent" || rules.agent_figures).map((value) => ({ value, label: t(`figures.by.${value}`) }));
  if (!today || empty(daily.total)) return <p className="calm-words">{t("figures.empty", { days: asked.days })}</p>;
  return (
    <>
      <Cards today={today} whole={daily.total} days={asked.days} onLook={look} />
      <Sum whole={daily.total} onLook={look} />
      <section aria-label={t("figures.course")}>
        <div className="split-head">
          <h2>{t("figures.course")}</h2>
          <p className="key quiet" aria-hidden="true"><span className="median">{t("figures.median")}</span> <span className="p90">{t("figures.p90")}</span></p>
          <Choose label={t("figures.clock")} value={clock} options={[{ value: "wall", label: t("figures.clock_wall") }, { value: "business", label: t("figures.clock_business") }]} onChange={setClock} />
        </div>
        <Course rows={daily.rows} clock={clock} onDay={(row) => into(row, "day", "answered", true)} />
      </section>
      <section aria-label={t("figures.split")}>
        <div className="split-head">
          <h2>{t("figures.split")}</h2>
          <Choose label={t("figures.split_by")} value={asked.by} options={splits} onChange={onSplit} />
          <Choose label={t("figures.stage")} value={stage} options={STAGES.map((value) => ({ value, label: t(`figures.stage.${value}`) }))} onChange={setStage} />
          <a className="btn" href={`/api/v1/figures.csv?${queryOf(asked)}`} download>{t("figures.csv")}</a>
        </div>
        <Loaded query={split}>{(found) => <Lines found={found} stage={stage} onLook={(row, which, longest) => into(row, found.by, which, longest)} />}</Loaded>
      </section>
      <details className="meaning">
        <summary>{t("figures.meaning")}</summary>
        {(["wait", "median", "in_time", "later", "left_out", "day"] as const).map((one) => <p key={one}>{t(`figures.meaning.${one}`)}</p>)}
      </details>
    </>
  );
}

export function FiguresScreen() {
  const [days, setDays] = useState<(typeof DAYS)[number]>("28");
  const [by, setBy] = useState<Split>("day");
  const [only, setOnly] = useState<Record<string, string>>({});
  const [behind, setBehind] = useState<Behind | null>(null);
  const [modal, setModal] = useState<"palette" | "sheet" | null>(null);
  const asked: Asked = { days: Number(days), by, only };
  const query = useFigures({ ...asked, by: "day" });
  const commands: Partial<Record<Command, () => void>> = {
    search: () => setModal("palette"),
    palette: () => setModal("palette"),
    sheet: () => setModal("sheet"),
    mentions: () => go("/mentions"),
    radar: () => go("/radar"),
    back: () => go("/board"),
  };
  useCommands(commands);
  return (
    <div className="desk boarding">
      <Header onPalette={() => setModal("palette")} />
      <section className="banners" aria-label={t("banner.label")}><Banners /></section>
      <Nav view="figures" />
      <main className="board figures" aria-busy={query.isPlaceholderData || undefined}>
        <div className="split-head first">
          <h1>{t("figures.title")}</h1>
          <Choose label={t("figures.period")} value={days} options={DAYS.map((value) => ({ value, label: t(`figures.last.${value}`) }))} onChange={setDays} />
          <Only value={only} onChange={setOnly} />
        </div>
        <Loaded query={query}>
          {(daily) => (
            <>
              {query.error ? <p className="failed" role="alert">{t("figures.stale", { why: words(query.error), time: clockTime(daily.at) })}</p> : null}
              <Said daily={daily} asked={asked} onSplit={setBy} onLook={setBehind} />
            </>
          )}
        </Loaded>
      </main>
      {behind ? <BehindDialog behind={behind} onOpen={open} onClose={() => setBehind(null)} /> : null}
      {modal === "palette" ? <Palette commands={commands} onOpen={open} onClose={() => setModal(null)} /> : null}
      {modal === "sheet" ? <Sheet onClose={() => setModal(null)} /> : null}
      <Toasts />
    </div>
  );
}
