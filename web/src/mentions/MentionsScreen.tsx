/** Mentions: what is said about us without being said to us, to be skimmed by keyboard. */
import { useEffect, useState } from "react";
import { Banners, Toasts } from "../desk/Bars";
import { Header } from "../desk/Header";
import { Nav } from "../desk/Nav";
import { Palette } from "../desk/Palette";
import { go } from "../desk/route";
import { t } from "../i18n/t";
import { Key, useKeys } from "../keys/Key";
import type { Command } from "../keys/keymap";
import { Sheet } from "../keys/Sheet";
import { useCommands } from "../keys/useCommands";
import { useDesk } from "../live/store";
import { Loaded } from "../settings/parts";
import { useReaches } from "../outreach/useRules";
import { Empty } from "./Empty";
import { Feed } from "./Feed";
import { Filters } from "./Filters";
import { useSearches } from "./useSearches";
import { useSkim, type Skim } from "./useSkim";
import type { Search } from "./types";

const open = (id: string): void => go(`/c/${id}`);

/** What came while one reads: said, and shown only when one asks for it. */
function Fresh({ skim }: { skim: Skim }) {
  const { fresh, over } = skim.mentions.stream;
  return (
    <div className="m-fresh" role="status">
      {fresh.length ? <button className="btn" onClick={skim.reveal}>{t(over ? "mentions.fresh_over" : "mentions.fresh", { n: fresh.length })} <Key of="fresh" /></button> : null}
    </div>
  );
}

function Listed({ skim, searches, leads }: { skim: Skim; searches: Search[]; leads: boolean }) {
  const { loading, failed, again, stream: { items } } = skim.mentions;
  const none = items.length === 0;
  return (
    <div className="m-list">
      <Fresh skim={skim} />
      {failed ? (
        <div className="failed" role="alert">
          <span className="grow">{t(none ? "mentions.failed" : "mentions.stale", { why: failed })}</span>
          <button className="btn" onClick={again}>{t("settings.again")}</button>
        </div>
      ) : null}
      {none && loading ? <p className="quiet center" role="status">{t("settings.loading")}</p> : null}
      {none && !loading && !failed ? <Empty searches={searches} leads={leads} filter={skim.filter} /> : null}
      {none ? null : <Feed key={`${skim.filter.state} ${skim.filter.search}`} mentions={skim.mentions} asked={skim.filter.state} searches={searches} chosen={skim.chosen} led={skim.led} settling={skim.settling} onChoose={skim.choose} />}
    </div>
  );
}

export function MentionsScreen() {
  const { me } = useDesk();
  const leads = me.agent.role === "owner" || me.agent.role === "lead";
  const found = useSearches();
  const reaches = useReaches();
  const skim = useSkim();
  const keys = useKeys();
  const { filter, narrow } = skim;
  const gone = filter.search !== "" && found.data?.every((one) => one.id !== filter.search) === true;
  useEffect(() => {
    if (gone) narrow({ ...filter, search: "" });
  }, [gone, filter, narrow]);
  const [modal, setModal] = useState<"palette" | "sheet" | null>(null);
  const commands: Partial<Record<Command, () => void>> = {
    ...skim.commands,
    search: () => setModal("palette"),
    palette: () => setModal("palette"),
    sheet: () => setModal("sheet"),
    ...(leads ? { figures: () => go("/figures") } : {}),
    ...(reaches ? { outreach: () => go("/outreach") } : {}),
  };
  useCommands(commands);
  return (
    <div className="desk boarding">
      <Header onPalette={() => setModal("palette")} />
      <section className="banners" aria-label={t("banner.label")}><Banners /></section>
      <Nav view="mentions" />
      <main className="board mentions">
        <Loaded query={found}>
          {(searches) => (
            <>
              <Filters filter={skim.filter} searches={searches} leads={leads} onChange={skim.narrow} />
              {searches.length && skim.settling ? <p className="quiet keys">{t("mentions.keys", keys)}</p> : null}
              <Listed skim={skim} searches={searches} leads={leads} />
            </>
          )}
        </Loaded>
      </main>
      {modal === "palette" ? <Palette commands={commands} room="mentions" onOpen={open} onClose={() => setModal(null)} /> : null}
      {modal === "sheet" ? <Sheet onClose={() => setModal(null)} /> : null}
      <Toasts />
    </div>
  );
}
