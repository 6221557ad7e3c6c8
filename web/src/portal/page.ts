/** What makes the portal's pages live. They work without it, and nothing is kept in the browser. */
{
  const form = document.querySelector<HTMLFormElement>("#form");
  const talk = document.querySelector<HTMLElement>("#talk");
  const framed = window.parent !== window;

  const showTimes = (within: ParentNode): void => {
    const format = new Intl.DateTimeFormat(document.documentElement.lang || undefined, { dateStyle: "medium", timeStyle: "short" });
    for (const time of within.querySelectorAll("time")) time.textContent = format.format(new Date(time.dateTime));
  };

  /** The newest of this very page, in place: what is being typed stays. */
  const look = async (): Promise<void> => {
    if (!talk) return;
    const answer = await fetch(window.location.pathname, { headers: { Accept: "text/html" } });
    if (!answer.ok) return;
    const fresh = new DOMParser().parseFromString(await answer.text(), "text/html").querySelector("#talk");
    if (!fresh) return;
    const known = new Set([...talk.querySelectorAll("article")].map((one) => one.id));
    const news = [...fresh.querySelectorAll("article")].filter((one) => !known.has(one.id));
    for (const one of news) {
      showTimes(one);
      const last = [...talk.querySelectorAll("article")].pop();
      if (last) last.after(one);
      else talk.prepend(one);
    }
    const waiting = fresh.querySelector(".waiting");
    talk.querySelector(".waiting")?.remove();
    if (waiting) talk.querySelector("#end")?.before(waiting);
    if (framed && news.some((one) => one.classList.contains("ours"))) window.parent.postMessage("earful:news", "*");
  };

  const stayLive = (path: string): void => {
    let source: EventSource | null = null;
    const follow = (): void => {
      source?.close();
      source = null;
      // An open stream means that somebody looks, and that no letter is needed.
      if (document.hidden) return;
      source = new EventSource(path);
      // What could not be fetched now is, with the next news or when the stream stands again.
      source.addEventListener("news", () => void look().catch(() => undefined));
    };
    document.addEventListener("visibilitychange", follow);
    follow();
  };

  const begins = (digest: Uint8Array, bits: number): boolean => {
    for (let bit = 0; bit < bits; bit += 1) if ((digest[bit >> 3] ?? 0) & (0x80 >> (bit & 7))) return false;
    return true;
  };

  /** In a flood: the first number whose digest, with the form's ticket, begins with so many zeros. */
  const sum = async (ticket: string, bits: number): Promise<string> => {
    const encoder = new TextEncoder();
    for (let number = 0; ; number += 1) {
      const digest = await crypto.subtle.digest("SHA-256", encoder.encode(`${ticket}.${number}`));
      if (begins(new Uint8Array(digest), bits)) return String(number);
    }
  };

  const prepare = (ours: HTMLFormElement): void => {
    const work = ours.querySelector<HTMLInputElement>("[name=work]");
    const ticket = ours.querySelector<HTMLInputElement>("[name=ticket]");
    const bits = Number(work?.dataset.bits ?? 0);
    let sending = false;
    ours.addEventListener("submit", (event) => {
      if (sending) return event.preventDefault();
      sending = true;
      ours.querySelector("button")?.setAttribute("aria-disabled", "true");
      if (!bits || !work || !ticket || work.value || !("subtle" in crypto)) return;
      event.preventDefault();
      void sum(ticket.value, bits).then((found) => {
        work.value = found;
        ours.submit();
      });
    });
    // Back from the next page, the form may be sent again.
    window.addEventListener("pageshow", () => {
      sending = false;
      ours.querySelector("button")?.removeAttribute("aria-disabled");
    });
    ours.addEventListener("keydown", (event) => {
      if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) ours.requestSubmit();
    });
  };

  /** In a frame: Escape closes it, and the site that shows it (only named ones can) leads back to the
   * talk while the tab lives. */
  const beFramed = (): void => {
    document.addEventListener("keydown", (event) => {
      if (event.key === "Escape") window.parent.postMessage("earful:close", "*");
    });
    if (talk) window.parent.postMessage(`earful:talk ${window.location.pathname}`, "*");
  };

  showTimes(document);
  if (form) prepare(form);
  const live = talk?.dataset.live;
  if (live) stayLive(live);
  if (framed) beFramed();
  if (document.querySelector("[role=alert]")) document.querySelector<HTMLElement>("[role=alert]")?.scrollIntoView({ block: "nearest" });
}
