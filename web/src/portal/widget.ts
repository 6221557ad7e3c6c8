/** The portal on another site: a button, and the portal's own page in a frame. Nothing of it meets the
 * site's styles. Kept is, for this tab and once somebody wrote, the address of her talk. */
{
  const TALK = /^earful:talk (\/portal\/[a-z0-9-]+\/t\/[\w-]{43})$/;
  const LABELS: Record<string, string> = {
    de: "Schreiben Sie uns", fr: "Écrivez-nous", es: "Escríbanos", it: "Ci scriva", nl: "Schrijf ons", pt: "Escreva-nos", pl: "Napisz do nas",
  };
  const own = document.currentScript as HTMLScriptElement | null;
  const STYLE = `
    :host { all: initial; }
    button { position: fixed; inset-block-end: 20px; inset-inline-end: 20px; z-index: 2147483000;
      min-height: 52px; padding: 0 22px; border: 1px solid #fff6; border-radius: 26px; cursor: pointer;
      font: 640 16px/1.3 system-ui, "Segoe UI", Roboto, "Noto Sans", sans-serif;
      color: var(--on); background: var(--brand); box-shadow: 0 4px 18px #0004; }
    button:focus-visible { outline: 3px solid #2563eb; outline-offset: 3px; box-shadow: 0 0 0 3px #fff; }
    button[data-news]::after { content: ""; position: absolute; inset-block-start: -3px;
      inset-inline-end: -3px; width: 14px; height: 14px; border-radius: 7px; background: #c2410c;
      border: 2px solid #fff; }
    div { position: fixed; inset-block-end: 84px; inset-inline-end: 20px; z-index: 2147483000;
      width: min(400px, calc(100vw - 40px)); height: min(640px, calc(100dvh - 110px));
      border: 1px solid #8888; border-radius: 14px; overflow: hidden; background: Canvas;
      color-scheme: light dark; box-shadow: 0 8px 40px #0005; }
    div[hidden] { display: none; }
    iframe { width: 100%; height: 100%; border: 0; display: block; }
    @media (max-width: 480px) {
      div { inset-inline: 8px; inset-block: 8px 84px; width: auto; height: auto; } }`;

  /** Black or white, whichever is better read on a colour. */
  const onto = (colour: string): string => {
    const part = (at: number): number => {
      const value = parseInt(colour.slice(at, at + 2), 16) / 255;
      return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
    };
    const light = 0.2126 * part(1) + 0.7152 * part(3) + 0.0722 * part(5);
    return (light + 0.05) / 0.05 > 1.05 / (light + 0.05) ? "#000" : "#fff";
  };

  /** Where the talk of this tab is, or where one begins. */
  const begin = (portal: string): string => {
    try {
      const kept = sessionStorage.getItem(`earful ${portal}`);
      return kept ? new URL(kept, portal).href : portal;
    } catch {
      return portal;
    }
  };
  const keep = (portal: string, path: string): void => {
    try {
      sessionStorage.setItem(`earful ${portal}`, path);
    } catch {
      // A browser that keeps nothing: the link still leads back.
    }
  };

  const open = (portal: string, label: string, colour: string): void => {
    const host = document.createElement("earful-portal");
    const root = host.attachShadow({ mode: "open" });
    host.dir = getComputedStyle(document.documentElement).direction;
    const sheet = new CSSStyleSheet();
    // A constructed sheet: a site whose policy forbids inline styles may have the button too.
    sheet.replaceSync(`${STYLE} :host { --brand: ${colour}; --on: ${onto(colour)}; }`);
    root.adoptedStyleSheets = [sheet];

    const button = document.createElement("button");
    const panel = document.createElement("div");
    button.type = "button";
    button.textContent = label;
    button.setAttribute("aria-expanded", "false");
    button.setAttribute("aria-haspopup", "dialog");
    panel.hidden = true;
    panel.setAttribute("role", "dialog");
    panel.setAttribute("aria-label", label);
    root.append(button, panel);

    let frame: HTMLIFrameElement | null = null;
    const show = (shown: boolean): void => {
      if (shown && !frame) {
        frame = document.createElement("iframe");
        frame.src = begin(portal);
        frame.title = label;
        panel.append(frame);
      }
      panel.hidden = !shown;
      button.setAttribute("aria-expanded", String(shown));
      if (shown) {
        delete button.dataset.news;
        frame?.focus();
      } else button.focus();
    };
    button.addEventListener("click", () => show(panel.hidden));
    root.addEventListener("keydown", (event) => {
      if ((event as KeyboardEvent).key === "Escape" && !panel.hidden) show(false);
    });
    window.addEventListener("message", (event) => {
      if (!frame || event.source !== frame.contentWindow) return;
      const talk = TALK.exec(String(event.data))?.[1];
      if (talk) keep(portal, talk);
      if (event.data === "earful:close") show(false);
      if (event.data === "earful:news" && panel.hidden) button.dataset.news = "";
    });
    document.body.append(host);
  };

  const start = (): void => {
    const { portal = "", colour = "" } = own?.dataset ?? {};
    const language = (document.documentElement.lang || navigator.language).slice(0, 2).toLowerCase();
    const label = own?.dataset.label ?? LABELS[language] ?? "Write to us";
    if (!/^https?:\/\//.test(portal)) return;
    open(portal, label, /^#[0-9a-f]{6}$/i.test(colour) ? colour : "#0f766e");
  };
  if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", start);
  else start();
}
