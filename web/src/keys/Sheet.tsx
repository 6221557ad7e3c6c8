import { t } from "../i18n/t";
import { useDesk } from "../live/store";
import { Dialog } from "../ui/Dialog";
import { KEYMAP, keysOf } from "./keymap";

export function Sheet({ onClose }: { onClose: () => void }) {
  const { keymap, keys_off: off } = useDesk().me.preferences;
  return (
    <Dialog title={t("keys.title")} onClose={onClose} wide>
      {off ? <p className="quiet">{t("keys.off")}</p> : null}
      <dl className="sheet">
        {KEYMAP.map((binding) => (
          <div key={binding.command}>
            <dt>{t(binding.words)}</dt>
            <dd><kbd>{keysOf(binding.command, keymap)}</kbd></dd>
          </div>
        ))}
      </dl>
      <button className="btn" autoFocus onClick={onClose}>{t("act.close")}</button>
    </Dialog>
  );
}
