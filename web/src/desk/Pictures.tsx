/** Pictures of a reply: uploaded, shown large, each with its words. Files by their names. */
import { post, words } from "../api/client";
import type { Draft, Limits } from "../api/types";
import { t } from "../i18n/t";
import { bytes } from "../ui/bytes";
import { toast } from "../ui/toast";

type Media = Draft["media"];

const isPicture = (file: File): boolean => file.type.startsWith("image/");

/** Brings them to the desk, as many as there is room for; what can't be sent is said at once. */
export async function upload(files: Iterable<File>, limits: Limits, there: number): Promise<Media> {
  const done: Media = [];
  const room = Math.max(0, limits.images - there);
  const wanted = [...files].filter((one) => isPicture(one) || limits.files > 0);
  if (wanted.length > room) toast(t(limits.files ? "compose.too_many_files" : "compose.too_many", { n: room }), { bad: true });
  for (const file of wanted.slice(0, room)) {
    if (!isPicture(file) && file.size > limits.file_bytes) {
      toast(t("compose.file_too_large", { name: file.name, size: bytes(limits.file_bytes) }), { bad: true });
      continue;
    }
    try {
      const name = isPicture(file) ? undefined : file.name;
      const { id } = await post<{ id: string }>(name ? `/media?name=${encodeURIComponent(name)}` : "/media", file);
      done.push(name ? { id, alt: "", name } : { id, alt: "" });
    } catch (error) {
      toast(words(error), { bad: true });
    }
  }
  return done;
}

interface Props {
  media: Media;
  onChange: (media: Media) => void;
}

export function PictureStrip({ media, onChange }: Props) {
  return (
    <ul className="strip">
      {media.map((item, index) => (
        <li key={item.id}>
          {item.name ? <b className="named"><bdi>{item.name}</bdi></b> : (
            <>
              <img src={`/api/v1/media/${item.id}`} alt={item.alt} />
              <textarea
                aria-label={t("compose.alt")}
                placeholder={t("compose.alt")}
                value={item.alt}
                rows={2}
                onChange={(event) => onChange(media.map((one, at) => (at === index ? { ...one, alt: event.target.value } : one)))}
              />
            </>
          )}
          <button className="btn" onClick={() => onChange(media.filter((_, at) => at !== index))}>{t(item.name ? "compose.remove_file" : "compose.remove")}</button>
        </li>
      ))}
    </ul>
  );
}
