import { words } from "../api/client";
import { t } from "../i18n/t";
import { toast } from "../ui/toast";
import { Form, type Input } from "./parts";

export interface PortalSettings {
  intro?: string;
  colour?: string;
  css?: string;
  language?: string;
  public?: boolean;
  privacy?: string;
  imprint?: string;
  contact?: string;
  origins?: string[];
  ways?: { title: string; url: string }[];
  words?: Record<string, string>;
}

const lines = (text: string | undefined): string[] => (text ?? "").split("\n").map((line) => line.trim()).filter(Boolean);

/** "left = right" on each line. */
function pairs(text: string | undefined): [string, string][] {
  return lines(text).map((line) => {
    const at = line.indexOf("=");
    return at < 0 ? [line, ""] : [line.slice(0, at).trim(), line.slice(at + 1).trim()];
  });
}

function inputsOf(kept: PortalSettings): Input[] {
  return [
    { name: "privacy", label: t("portal.privacy"), help: t("portal.text_help"), value: kept.privacy ?? "", rows: 4, optional: true },
    { name: "imprint", label: t("portal.imprint"), value: kept.imprint ?? "", rows: 3, optional: true },
    { name: "contact", label: t("portal.contact"), value: kept.contact ?? "", rows: 2, optional: true },
    { name: "intro", label: t("portal.intro"), help: t("portal.intro_help"), value: kept.intro ?? "", rows: 2, optional: true },
    { name: "colour", label: t("portal.colour"), type: "color", value: kept.colour ?? "#0f766e" },
    { name: "public", label: t("portal.public"), help: t("portal.public_help"), value: kept.public ? "yes" : "no", options: [{ value: "no", label: t("portal.public.no") }, { value: "yes", label: t("portal.public.yes") }] },
    { name: "ways", label: t("portal.ways"), help: t("portal.ways_help"), value: (kept.ways ?? []).map((way) => `${way.title} = ${way.url}`).join("\n"), rows: 3, optional: true },
    { name: "origins", label: t("portal.origins"), help: t("portal.origins_help"), value: (kept.origins ?? []).join("\n"), rows: 2, optional: true },
    { name: "language", label: t("portal.language"), help: t("portal.language_help"), value: kept.language ?? "", optional: true, more: true },
    { name: "words", label: t("portal.words"), help: t("portal.words_help"), value: Object.entries(kept.words ?? {}).map(([name, text]) => `${name} = ${text}`).join("\n"), rows: 4, optional: true, more: true },
    { name: "css", label: t("portal.css"), help: t("portal.css_help"), value: kept.css ?? "", rows: 5, optional: true, more: true },
  ];
}

function settingsOf({ ways, origins, words: own, public: open, ...texts }: Record<string, string>): PortalSettings {
  return {
    ...texts,
    public: open === "yes",
    origins: lines(origins),
    ways: pairs(ways).map(([title, url]) => ({ title, url })),
    words: Object.fromEntries(pairs(own)),
  };
}

/** What a portal shows and allows. */
export function PortalForm({ kept, keep }: { kept: PortalSettings; keep: (settings: PortalSettings) => Promise<unknown> }) {
  const save = async (values: Record<string, string>): Promise<boolean> => {
    try {
      await keep(settingsOf(values));
      toast(t("portal.saved"));
      return true;
    } catch (error) {
      toast(words(error), { bad: true });
      return false;
    }
  };
  return <Form key={JSON.stringify(kept)} title={t("portal.shows")} submit={t("act.save")} inputs={inputsOf(kept)} onSubmit={save} />;
}
