import { t } from "../i18n/t";
import { useDesk } from "../live/store";
import { Dialog } from "../ui/Dialog";
import { Key } from "./Key";
import { KEYMAP, wordsIn, type Binding, type Room } from "./keymap";

function Keys({ bindings, room }: { bindings: Binding[]; room?: Room }) {
  return (
    <dl className="sheet">
      {bindings.map((binding) => (
        <div key={binding.command}>
          <dt>{t(wordsIn(binding, room))}</dt>
          <dd><Key of={binding.command} /></dd>
        </div>
      ))}
    </dl>
  );
}

export function Sheet({ onClose }: { onClose: () => void }) {
  const { keys_off: off } = useDesk().me.preferences;
  return (
    <Dialog title={t("keys.title")} onClose={onClose} wide>
      {off ? <p className="quiet">{t("keys.off")}</p> : null}
      <Keys bindings={KEYMAP.filter((one) => !one.away)} />
      <h3>{t("keys.in_mentions")}</h3>
      <Keys bindings={KEYMAP.filter((one) => one.mentions)} room="mentions" />
      <h3>{t("keys.in_outreach")}</h3>
      <Keys bindings={KEYMAP.filter((one) => one.outreach)} room="outreach" />
      <button className="btn" autoFocus data-first onClick={onClose}>{t("act.close")}</button>
    </Dialog>
  );
}
