/** Whom something may have reached, in words. */
import { t } from "../i18n/t";
import { grouped } from "../ui/number";
import type { Reach } from "./types";

/** Empty where it is known of nobody. `bare`: under a heading that says what the number is. */
export function reachWords({ followers, known, people }: Reach, bare = false): string {
  if (followers === null) return "";
  const said = bare ? grouped(followers) : t("radar.reach", { n: followers });
  return known < people ? t("radar.reach_part", { said, known, people }) : said;
}
