import { useEffect, useState } from "react";
import { t } from "../i18n/t";
import { Things } from "./parts";
import { PersonActs } from "./PersonActs";
import { useThings } from "./useThings";

interface Person {
  id: string;
  name: string;
  handles: string[];
  conversations: number;
}

function Found({ asked }: { asked: string }) {
  const people = useThings<Person>(`/contacts?q=${encodeURIComponent(asked)}`);
  return (
    <Things {...people} empty={people.items.length === 0} emptyWords={t("person.none", { asked })}>
      {people.items.map((one) => (
        <li key={one.id}>
          <span className="grow"><b><bdi>{one.name}</bdi></b><br /><span className="quiet">{[...one.handles, t("person.conversations", { n: one.conversations })].join(", ")}</span></span>
          <PersonActs id={one.id} name={one.name} onErased={people.again} />
        </li>
      ))}
    </Things>
  );
}

export function People() {
  const [text, setText] = useState("");
  const [asked, setAsked] = useState("");
  useEffect(() => {
    const timer = setTimeout(() => setAsked(text.trim()), 250);
    return () => clearTimeout(timer);
  }, [text]);
  return (
    <>
      <p className="quiet">{t("person.about")}</p>
      <form className="form" role="search" onSubmit={(event) => event.preventDefault()}>
        <label>{t("person.find")}<input type="search" value={text} autoComplete="off" onChange={(event) => setText(event.target.value)} /></label>
      </form>
      {asked ? <Found asked={asked} /> : null}
    </>
  );
}
