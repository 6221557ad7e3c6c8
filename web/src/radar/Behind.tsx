/** The posts that a theme counts, the newest first: as many as its figure says. */
import { go } from "../desk/route";
import { t } from "../i18n/t";
import { useNetworkTitle } from "../live/store";
import { More, Things } from "../settings/parts";
import { usePages } from "../settings/useThings";
import { Dialog } from "../ui/Dialog";
import { clockTime } from "../ui/time";
import { people, posts } from "./counted";
import { moodWords } from "./mood";
import type { Sample, Theme } from "./types";

function One({ post }: { post: Sample }) {
  const titleOf = useNetworkTitle();
  return (
    <li className="r-post">
      <button className="press-in" onClick={() => go(`/c/${post.conversation_id}`)}>
        <span className="press-top"><b><bdi>{post.author_name || post.author_handle}</bdi></b> <time className="num" dateTime={post.at}>{clockTime(post.at)}</time></span>
        <span className="press-said" dir="auto">{post.text}</span>
        <small className={post.unanswered ? "hot" : ""}>{[titleOf(post.network), post.unanswered ? t("radar.unanswered") : t("radar.settled"), post.sentiment === null ? "" : moodWords(post.sentiment)].filter(Boolean).join(" · ")}</small>
      </button>
    </li>
  );
}

export function Behind({ theme, onClose }: { theme: Theme; onClose: () => void }) {
  const log = usePages<Sample, { posts: number; authors: number }>(`/insights/themes/${theme.id}/posts`);
  return (
    <Dialog title={t("radar.behind", { theme: theme.label })} onClose={onClose} wide>
      {log.first ? <p className="quiet">{t("radar.behind_count", { posts: posts(log.first.posts), people: people(log.first.authors) })}</p> : null}
      <div className="press behind" role="region" aria-label={t("radar.posts")} tabIndex={0}>
        {log.loading || log.failed || !log.items.length ? (
          <Things {...log} empty emptyWords={t("radar.none_behind")}>{null}</Things>
        ) : (
          <ul>{log.items.map((post) => <One key={post.message_id} post={post} />)}</ul>
        )}
      </div>
      <div className="acts">
        <More {...log} />
        <button className="btn" data-first onClick={onClose}>{t("act.close")}</button>
      </div>
    </Dialog>
  );
}
