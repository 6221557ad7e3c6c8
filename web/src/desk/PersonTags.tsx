/** Words by which answer times know a person, such as vip. */
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useState, type FormEvent } from "react";
import { del, get, put, words } from "../api/client";
import { t } from "../i18n/t";
import { toast } from "../ui/toast";

export function PersonTags({ id, mayAct }: { id: string; mayAct: boolean }) {
  const client = useQueryClient();
  const path = `/contacts/${id}/tags`;
  const kept = useQuery({ queryKey: [path], queryFn: () => get<string[]>(path) });
  const [adding, setAdding] = useState(false);
  const run = (act: Promise<string[]>): Promise<unknown> => act.then((tags) => client.setQueryData([path], tags)).catch((error: unknown) => toast(words(error), { bad: true }));
  const add = (event: FormEvent<HTMLFormElement>): void => {
    event.preventDefault();
    const typed = new FormData(event.currentTarget).get("tag");
    const word = typeof typed === "string" ? typed.trim() : "";
    setAdding(false);
    if (word) void run(put<string[]>(`${path}/${encodeURIComponent(word)}`));
  };
  const tags = kept.data ?? [];
  if (!mayAct && tags.length === 0) return null;
  return (
    <div className="person-tags">
      <h2>{t("person.tags")}</h2>
      <div className="slots">
        {tags.map((tag) => <span key={tag} className="tag"><bdi>{tag}</bdi>{mayAct ? <button className="plain" aria-label={t("person.tag_off", { tag })} onClick={() => void run(del<string[]>(`${path}/${encodeURIComponent(tag)}`))}>×</button> : null}</span>)}
        {mayAct && !adding ? <button className="plain add" onClick={() => setAdding(true)}>{t("person.tag_add")}</button> : null}
        {adding ? <form onSubmit={add}><input name="tag" autoFocus maxLength={50} aria-label={t("person.tag_new")} placeholder={t("person.tag_new")} onBlur={(event) => { if (!event.target.value) setAdding(false); }} onKeyDown={(event) => { if (event.key === "Escape") setAdding(false); event.stopPropagation(); }} /></form> : null}
      </div>
    </div>
  );
}
