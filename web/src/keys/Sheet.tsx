import { t } from "../i18n/t";
import { useDesk } from "../live/store";
import { Dialog } from "../ui/Dialog";
import { Key } from "./Key";
import { KEYMAP } from "./keymap";

export function Sheet({ onClose }: { onClose: () => void }) {
  const { keys_off: off } = useDesk().me.preferences;
  return (
    <Dialog title={t("keys.title")} onClose={onClose} wide>
      {off ? <p className="quiet">{t("keys.off")}</p> : null}
      <dl className="sheet">
        {KEYMAP.map((binding) => (
          <div key={binding.command}>
            <dt>{t(binding.words)}</dt>
            <dd><Key of={binding.command} /></dd>
          </div>
        ))}
      </dl>
      <button className="btn" autoFocus data-first onClick={onClose}>{t("act.close")}</button>
    </Dialog>
  );
}
