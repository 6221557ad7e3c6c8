import { t } from "../i18n/t";
import { KEYMAP, keysOf, named } from "../keys/keymap";
import { useDesk } from "../live/store";
import { prefer } from "./preferences";

export function Keyboard() {
  const { keymap = {}, keys_off: off = false } = useDesk().me.preferences;
  return (
    <>
      <label className="row-check">
        <input type="checkbox" checked={off} onChange={(event) => void prefer({ keys_off: event.target.checked })} /> {t("settings.keys_off")}
      </label>
      <ul className="things">
        {KEYMAP.map((binding) => (
          <li key={binding.command}>
            <span className="grow">{t(binding.words)}</span>
            <input
              aria-label={t(binding.words)}
              readOnly
              size={16}
              value={keysOf(binding.command, keymap)}
              onKeyDown={(event) => {
                if (["Tab", "Shift", "Control", "Alt", "Meta"].includes(event.key)) return;
                event.preventDefault();
                void prefer({ keymap: { ...keymap, [binding.command]: named(event.nativeEvent) } });
              }}
            />
          </li>
        ))}
      </ul>
    </>
  );
}
