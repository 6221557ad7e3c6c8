/** Pictures of a reply: uploaded, shown large, each with its words. */
import { post, words } from "../api/client";
import type { Draft } from "../api/types";
import { t } from "../i18n/t";
import { toast } from "../ui/toast";

export interface Uploaded {
  id: string;
}

export async function upload(files: Iterable<File>, room: number): Promise<Uploaded[]> {
  const done: Uploaded[] = [];
  const pictures = [...files].filter((one) => one.type.startsWith("image/"));
  if (pictures.length > room) toast(t("compose.too_many", { n: Math.max(0, room) }), { bad: true });
  for (const file of pictures.slice(0, Math.max(0, room))) {
    try {
      done.push(await post<Uploaded>("/media", file));
    } catch (error) {
      toast(words(error), { bad: true });
    }
  }
  return done;
}

interface Props {
  media: Draft["media"];
  onChange: (media: Draft["media"]) => void;
}

export function PictureStrip({ media, onChange }: Props) {
  return (
    <ul className="strip">
      {media.map((item, index) => (
        <li key={item.id}>
          <img src={`/api/v1/media/${item.id}`} alt={item.alt} />
          <textarea
            aria-label={t("compose.alt")}
            placeholder={t("compose.alt")}
            value={item.alt}
            rows={2}
            onChange={(event) => onChange(media.map((one, at) => (at === index ? { ...one, alt: event.target.value } : one)))}
          />
          <button className="btn" onClick={() => onChange(media.filter((_, at) => at !== index))}>{t("compose.remove")}</button>
        </li>
      ))}
    </ul>
  );
}
