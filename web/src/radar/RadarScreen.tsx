/** The radar: what people speak of, how many, in what mood, and who of them waits longest. For leads. */
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
import { shortDay } from "../roster/week";
import { Loaded } from "../settings/parts";
import { Choose } from "../ui/Choose";
import { clockTime } from "../ui/time";
import { Behind } from "./Behind";
import { Observations } from "./Observations";
import { Pictures } from "./Pictures";
import { Signals } from "./Signals";
import { Themes } from "./Themes";
import type { Span, Theme } from "./types";
import { keptDays, queryOf, today, useOverview, usePicture } from "./useRadar";

const open = (id: string): void => go(`/c/${id}`);
const SPANS: Span[] = ["day", "week"];

export function RadarScreen() {
  const [span, setSpan] = useState<Span>("day");
  const [day, setDay] = useState("");
  const [looked, setLooked] = useState<Theme | null>(null);
  const [modal, setModal] = useState<"palette" | "sheet" | null>(null);
  const picture = usePicture(day, span);
  const overview = useOverview();
  const commands: Partial<Record<Command, () => void>> = {
    search: () => setModal("palette"),
    palette: () => setModal("palette"),
    sheet: () => setModal("sheet"),
    figures: () => go("/figures"),
    mentions: () => go("/mentions"),
    back: () => go("/"),
  };
  useCommands(commands);
  return (
    <div className="desk boarding">
      <Header onPalette={() => setModal("palette")} />
      <section className="banners" aria-label={t("banner.label")}><Banners /></section>
      <Nav view="radar" />
      <main className="board radar" aria-busy={picture.isPlaceholderData || undefined}>
        <div className="split-head first">
          <h1>{t("radar.title")}</h1>
          <Choose label={t("radar.span")} value={span} options={SPANS.map((value) => ({ value, label: t(`radar.span.${value}`) }))} onChange={setSpan} />
          <label className="r-day">
            <span className="hidden">{t("radar.day")}</span>
            <select value={day} onChange={(event) => setDay(event.target.value)}>
              {keptDays().map((one) => <option key={one} value={one === today() ? "" : one}>{one === today() ? t("radar.until_now") : shortDay(one)}</option>)}
            </select>
          </label>
          <a className="btn" href={`/api/v1/insights/themes.csv?${queryOf(day, span)}`} download>{t("figures.csv")}</a>
        </div>
        <Loaded query={overview}>
          {(found) => (
            <>
              <Pictures overview={found} />
              <Signals signals={found.signals} />
            </>
          )}
        </Loaded>
        <section aria-label={t("radar.themes")}>
          <h2>{t("radar.themes")}</h2>
          <Loaded query={picture}>
            {(found) => (
              <>
                {picture.error && found.made_at ? <p className="failed" role="alert">{t("radar.stale", { why: words(picture.error), time: clockTime(found.made_at) })}</p> : null}
                <Themes picture={found} onLook={setLooked} />
              </>
            )}
          </Loaded>
        </section>
        <Observations day={day} span={span} />
        <details className="meaning">
          <summary>{t("radar.meaning")}</summary>
          {(["people", "usual", "mood", "reach", "arranged", "day"] as const).map((one) => <p key={one}>{t(`radar.meaning.${one}`)}</p>)}
        </details>
      </main>
      {looked ? <Behind theme={looked} onClose={() => setLooked(null)} /> : null}
      {modal === "palette" ? <Palette commands={commands} onOpen={open} onClose={() => setModal(null)} /> : null}
      {modal === "sheet" ? <Sheet onClose={() => setModal(null)} /> : null}
      <Toasts />
    </div>
  );
}
