/** Who said it, and when and where. */
import { t } from "../i18n/t";
import { useCalled, useNetworkTitle } from "../live/store";
import { ago, clockTime, useNow } from "../ui/time";
import type { Mention, Sample } from "./types";

export function Author({ post }: { post: Mention | Sample }) {
  const called = useCalled();
  const titleOf = useNetworkTitle();
  const now = useNow();
  const { name, handle } = post.author;
  const followers = "followers" in post.author ? post.author.followers : null;
  return (
    <p className="m-top">
      <b><bdi>{name || handle}</bdi></b>
      <bdi className="quiet">{called(post.network, handle)}</bdi>
      {followers ? <span className="quiet num">{t("side.followers", { n: followers })}</span> : null}
      <span className="m-when">{titleOf(post.network)} · <time dateTime={post.published_at} title={clockTime(post.published_at)}>{ago(post.published_at, now)}</time></span>
    </p>
  );
}
