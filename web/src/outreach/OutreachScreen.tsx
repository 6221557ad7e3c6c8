/** Outreach: people who ask for what one offers, the likeliest first, to be answered by hand. */
import { useState } from "react";
import { Banners, Toasts } from "../desk/Bars";
import { Header } from "../desk/Header";
import { Nav } from "../desk/Nav";
import { Palette } from "../desk/Palette";
import { go } from "../desk/route";
import { t } from "../i18n/t";
import { useKeys } from "../keys/Key";
import type { Command } from "../keys/keymap";
import { Sheet } from "../keys/Sheet";
import { useCommands } from "../keys/useCommands";
import { useDesk } from "../live/store";
import { useSearches } from "../mentions/useSearches";
import { Loaded, More } from "../settings/parts";
import { Icon } from "../ui/Icon";
import { Person } from "./Person";
import type { NetworkRules } from "./types";
import { useRules } from "./useRules";
import { useWalk, type Walk } from "./useWalk";

/** Where it is off everywhere, what it is; where it is on, how much of it is used. */
function Off({ owner }: { owner: boolean }) {
  return (
    <div className="m-empty">
      <Icon name="ear" size={40} />
      <h2>{t("outreach.off_title")}</h2>
      <p>{t(owner ? "outreach.off_lead" : "outreach.off_agent")}</p>
      {owner ? <button className="btn go" onClick={() => go("/settings/outreach")}>{t("outreach.turn_on")}</button> : null}
    </div>
  );
}

function Used({ on }: { on: NetworkRules[] }) {
  return (
    <p className="quiet o-used">
      {on.map(({ network, title, used, rules }) => <span key={network}>{t("outreach.used", { title, used, cap: rules.cap_day })}</span>)}
      {on.filter(({ rules }) => rules.quiet_from !== rules.quiet_to).map(({ network, title, rules }) => <span key={`${network} rest`}>{t("outreach.rests", { title, from: rules.quiet_from, to: rules.quiet_to, zone: rules.zone })}</span>)}
    </p>
  );
}

function Queue({ walk, leads }: { walk: Walk; leads: boolean }) {
  const keys = useKeys();
  const { data: searches } = useSearches();
  const { items, loading, failed, again, more, fetching } = walk.queue;
  if (failed)
    return (
      <div className="failed" role="alert">
        <span className="grow">{t("outreach.failed", { why: failed })}</span>
        <button className="btn" onClick={again}>{t("settings.again")}</button>
      </div>
    );
  if (loading) return <p className="quiet center" role="status">{t("settings.loading")}</p>;
  if (!items.length)
    return (
      <div className="m-empty">
        <Icon name="check" size={40} />
        <p>{t("outreach.empty", keys)}</p>
        {leads ? <button className="btn" onClick={() => go("/settings/searches")}>{t("outreach.make")}</button> : null}
      </div>
    );
  return (
    <div className="rows" tabIndex={-1}>
      <div role="feed" aria-label={t("outreach.title")} aria-busy={fetching}>
        {items.map((one, at) => (
          <Person key={one.mention_id} one={one} at={at} of={more ? -1 : items.length} on={one.mention_id === walk.chosen} searches={searches ?? []} acts={walk.acts} text={walk.texts[one.mention_id] ?? null} onText={walk.write} onChoose={walk.choose} onSent={walk.sent} />
        ))}
      </div>
      <More more={more} fetching={fetching} />
    </div>
  );
}

export function OutreachScreen() {
  const { me } = useDesk();
  const leads = me.agent.role === "owner" || me.agent.role === "lead";
  const rules = useRules();
  const walk = useWalk();
  const keys = useKeys();
  const [modal, setModal] = useState<"palette" | "sheet" | null>(null);
  const commands: Partial<Record<Command, () => void>> = { ...walk.commands, search: () => setModal("palette"), palette: () => setModal("palette"), sheet: () => setModal("sheet") };
  useCommands(commands);
  return (
    <div className="desk boarding">
      <Header onPalette={() => setModal("palette")} />
      <section className="banners" aria-label={t("banner.label")}><Banners /></section>
      <Nav view="outreach" />
      <main className="board mentions outreach">
        <h1 className="hidden">{t("outreach.title")}</h1>
        <Loaded query={rules}>
          {(found) => {
            const on = found.filter((one) => one.rules.on);
            if (!on.length) return <Off owner={me.agent.role === "owner"} />;
            return (
              <>
                <Used on={on} />
                {walk.acts && walk.queue.items.length ? <p className="quiet keys">{t("outreach.keys", keys)}</p> : null}
                <div className="m-list"><Queue walk={walk} leads={leads} /></div>
              </>
            );
          }}
        </Loaded>
      </main>
      {modal === "palette" ? <Palette commands={commands} room="outreach" onOpen={(id) => go(`/c/${id}`)} onClose={() => setModal(null)} /> : null}
      {modal === "sheet" ? <Sheet onClose={() => setModal(null)} /> : null}
      <Toasts />
    </div>
  );
}
