/** One's own words by language: with the time that is promised, and without. */
import { useState } from "react";
import { t } from "../i18n/t";

export interface Text {
  promising: string;
  plain: string;
}

type Texts = Record<string, Text>;

function called(language: string): string {
  try {
    return new Intl.DisplayNames([navigator.language], { type: "language" }).of(language) ?? language;
  } catch {
    return language;
  }
}

function One({ language, text, first, onChange, onFirst, onRemove }: { language: string; text: Text; first: boolean; onChange: (text: Text) => void; onFirst: () => void; onRemove: () => void }) {
  const name = called(language);
  return (
    <div className="text" role="group" aria-label={name}>
      <b lang={language}>{name}</b>
      <label>{t("away.promising")}<textarea rows={2} required maxLength={500} dir="auto" lang={language} value={text.promising} onChange={(event) => onChange({ ...text, promising: event.target.value })} /></label>
      <label>{t("away.plain")}<textarea rows={2} maxLength={500} dir="auto" lang={language} value={text.plain} onChange={(event) => onChange({ ...text, plain: event.target.value })} /></label>
      <div className="acts">
        <label className="row-check"><input type="radio" name="first" checked={first} onChange={onFirst} /> {t("away.first")}</label>
        {first ? null : <button type="button" className="btn" onClick={onRemove}>{t("settings.remove_one", { name })}</button>}
      </div>
    </div>
  );
}

export function Texts({ texts, language, onChange }: { texts: Texts; language: string; onChange: (texts: Texts, language: string) => void }) {
  const [wanted, setWanted] = useState("");
  const names = Object.keys(texts);
  const add = (): void => {
    const name = wanted.trim();
    if (!name || texts[name]) return;
    onChange({ ...texts, [name]: { promising: "", plain: "" } }, names.length ? language : name);
    setWanted("");
  };
  return (
    <>
      <small className="quiet">{t("away.texts_help")}</small>
      {names.map((name) => (
        <One
          key={name}
          language={name}
          text={texts[name] ?? { promising: "", plain: "" }}
          first={name === language}
          onChange={(text) => onChange({ ...texts, [name]: text }, language)}
          onFirst={() => onChange(texts, name)}
          onRemove={() => onChange(Object.fromEntries(Object.entries(texts).filter(([key]) => key !== name)), language)}
        />
      ))}
      <div className="acts">
        <label>{t("away.language")}<input value={wanted} size={8} maxLength={35} placeholder={names.length ? "de" : "en"} pattern="[a-z]{2,3}(-[A-Za-z0-9]{2,8})*" onChange={(event) => setWanted(event.target.value)} /></label>
        <button type="button" className="btn" onClick={add}>{t("away.add")}</button>
      </div>
    </>
  );
}
