import { describe, expect, it } from "vitest";
import { choose, EMPTY, type Copy } from "./keeping";

const NINE = "2026-03-02T09:00:00Z";
const TEN = "2026-03-02T10:00:00Z";
const here = (text: string, base: string | null, unsaved = true): Copy => ({ draft: { ...EMPTY, text }, base, unsaved });
const desk = (text: string, at: string): typeof EMPTY => ({ ...EMPTY, text, updated_at: at });

describe("which copy of a draft stands", () => {
  it("is the desk's when this browser has nothing it lacks", () => {
    expect(choose(null, desk("from the phone", TEN)).draft.text).toBe("from the phone");
    expect(choose(here("old", NINE, false), desk("from the phone", TEN)).draft.text).toBe("from the phone");
    expect(choose(here("sent elsewhere", NINE, false), null).draft.text).toBe("");
  });
  it("is this browser's while the desk never got it", () => {
    const chosen = choose(here("written offline", NINE), desk("before", NINE));
    expect([chosen.draft.text, chosen.rival]).toEqual(["written offline", null]);
    expect(choose(here("written offline", null), null).draft.text).toBe("written offline");
  });
  it("is asked when both went on", () => {
    const chosen = choose(here("written offline", NINE), desk("from the phone", TEN));
    expect([chosen.draft.text, chosen.rival?.text]).toEqual(["written offline", "from the phone"]);
  });
  it("is not asked when both say the same, or this one says nothing", () => {
    expect(choose(here("same", NINE), desk("same", TEN)).rival).toBeNull();
    expect(choose(here("", NINE), desk("from the phone", TEN)).draft.text).toBe("from the phone");
  });
});
