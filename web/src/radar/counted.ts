/** How many, in words. */
import { t } from "../i18n/t";

export const posts = (n: number): string => t(n === 1 ? "radar.post" : "radar.n_posts", { n });
export const people = (n: number): string => t(n === 1 ? "radar.person" : "radar.people", { n });
