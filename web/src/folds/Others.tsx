/** Below the one that stands for a fold: how many others say the same. Each of them is owed an answer. */
import { t } from "../i18n/t";
import type { Fold } from "./useFolds";

interface Props {
  fold: Fold;
  open: boolean;
  stop: boolean;
  onToggle: (fold: Fold) => void;
  onPickAll: (fold: Fold) => void;
}

export function Others({ fold, open, stop, onToggle, onPickAll }: Props) {
  const others = fold.conversations - 1;
  return (
    <div className="others">
      <button className="plain" aria-expanded={open} tabIndex={stop ? 0 : -1} onClick={() => onToggle(fold)}>
        {others === 1 ? t("folds.other") : t("folds.others", { n: others })}
      </button>
      {open ? <button className="plain" tabIndex={stop ? 0 : -1} onClick={() => onPickAll(fold)}>{t("folds.pick_all")}</button> : null}
    </div>
  );
}
