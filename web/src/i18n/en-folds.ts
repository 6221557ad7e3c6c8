/** The words of folding, a part of en.ts. */
export const folds = {
  "key.fold": "Fold alike posts in the list, or show all",
  "key.unfold": "Unfold who says the same",
  "folds.fold": "Fold alike",
  "folds.all": "Show all",
  "folds.advised": "Many say the same",
  "folds.chip": "folded, gravest first",
  "folds.other": "and 1 other says the same",
  "folds.others": "and {n} others say the same",
  "folds.pick_all": "Select them all",
} as const;
