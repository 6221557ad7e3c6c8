import { useState, type KeyboardEvent } from "react";
import { t } from "../i18n/t";
import { KEYMAP, keysOf, named, pretty, rival, unfit, type Command } from "../keys/keymap";
import { useDesk } from "../live/store";
import { prefer } from "./preferences";

type Wrong = { command: Command; words: string };

export function Keyboard() {
  const { keymap = {}, keys_off: off = false } = useDesk().me.preferences;
  const [wrong, setWrong] = useState<Wrong | null>(null);
  const reset = (command: Command): void => {
    const others = Object.fromEntries(Object.entries(keymap).filter(([key]) => key !== command));
    const other = rival(command, keysOf(command), others);
    if (other) return setWrong({ command, words: t("keys.taken", { keys: pretty(keysOf(command)), other: wordsOf(other) }) });
    setWrong(null);
    void prefer({ keymap: others });
  };
  const press = (command: Command, event: KeyboardEvent): void => {
    if (["Tab", "Shift", "Control", "Alt", "Meta", "AltGraph", "CapsLock", "Dead"].includes(event.key)) return;
    event.preventDefault();
    const keys = named(event.nativeEvent);
    if (keys === keysOf(command, keymap)) return setWrong(null);
    const other = rival(command, keys, keymap);
    const why = unfit(command, keys);
    if (other) return setWrong({ command, words: t("keys.taken", { keys: pretty(keys), other: wordsOf(other) }) });
    if (why) return setWrong({ command, words: t(why, { keys: pretty(keys) }) });
    setWrong(null);
    void prefer({ keymap: { ...keymap, [command]: keys } });
  };
  return (
    <>
      <label className="row-check">
        <input type="checkbox" checked={off} onChange={(event) => void prefer({ keys_off: event.target.checked })} /> {t("settings.keys_off")}
      </label>
      <p className="quiet" id="keys-how">{t("keys.how")}</p>
      <div><button className="btn" disabled={Object.keys(keymap).length === 0} onClick={() => { setWrong(null); void prefer({ keymap: {} }); }}>{t("keys.reset_all")}</button></div>
      <ul className="things">
        {KEYMAP.map(({ command, words }) => (
          <li key={command}>
            <span className="grow">
              {t(words)}
              {wrong?.command === command ? <span className="hot" role="alert"><br />{wrong.words}</span> : null}
            </span>
            {keymap[command] ? <button className="btn" aria-label={t("keys.reset_one", { words: t(words) })} onClick={() => reset(command)}>{t("keys.reset")}</button> : null}
            <input className="key" aria-label={t(words)} aria-describedby="keys-how" aria-invalid={wrong?.command === command} readOnly size={14} value={pretty(keysOf(command, keymap))} onKeyDown={(event) => press(command, event)} />
          </li>
        ))}
      </ul>
    </>
  );
}

function wordsOf(command: Command): string {
  return t(KEYMAP.find((one) => one.command === command)?.words ?? "keys.title");
}
