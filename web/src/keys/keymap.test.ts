import { describe, expect, it } from "vitest";
import { commandOf, KEYMAP, keysOf, pretty, rival, unfit, wordsIn } from "./keymap";

function press(key: string, more: Partial<KeyboardEvent> = {}, within = ""): KeyboardEvent {
  const target = { closest: (selector: string) => (within && selector.includes(within) ? {} : null) };
  return { key, ctrlKey: false, metaKey: false, altKey: false, shiftKey: false, target, ...more } as unknown as KeyboardEvent;
}

describe("keys", () => {
  it("are each bound once", () => {
    expect(new Set(KEYMAP.map((binding) => binding.keys)).size).toBe(KEYMAP.length);
  });
  it("find their command", () => {
    expect(commandOf(press("j"), {}, false)).toBe("down");
    expect(commandOf(press("?", { shiftKey: true }), {}, false)).toBe("sheet");
    expect(commandOf(press("Enter", { ctrlKey: true, shiftKey: true }), {}, false)).toBe("send_next");
    expect(commandOf(press("k", { metaKey: true }), {}, false)).toBe("palette");
  });
  it("are letters in a text field, but for those with Ctrl", () => {
    expect(commandOf(press("j", {}, "textarea"), {}, false)).toBeNull();
    expect(commandOf(press("k", { ctrlKey: true }, "textarea"), {}, false)).toBe("palette");
  });
  it("can be switched off and changed", () => {
    expect(commandOf(press("j"), {}, true)).toBeNull();
    expect(commandOf(press("k", { ctrlKey: true }), {}, true)).toBe("palette");
    expect(commandOf(press("d"), { down: "d" }, false)).toBe("down");
    expect(keysOf("down", { down: "d" })).toBe("d");
  });
  it("mean the same in mentions, said in its words", () => {
    const words = KEYMAP.map((binding) => wordsIn(binding, "mentions"));
    expect(new Set(words).size).toBe(KEYMAP.length);
    const resolve = KEYMAP.filter(({ command }) => command === "resolve");
    expect(resolve.map((binding) => [wordsIn(binding), wordsIn(binding, "mentions")])).toEqual([["key.resolve", "key.mentions_dismiss"]]);
  });
  it("leave Enter to the button that has the focus", () => {
    expect(commandOf(press("Enter", {}, "button"), {}, false)).toBeNull();
    expect(commandOf(press("Enter"), {}, false)).toBe("open");
  });
  it("are shown as they stand on the keyboard", () => {
    expect(["j", "Ctrl+Enter", "Escape", "?", "Ctrl++"].map(pretty)).toEqual(["J", "Ctrl ↵", "Esc", "?", "Ctrl +"]);
  });
  it("are one command's only, also when changed", () => {
    expect(rival("down", "k", {})).toBe("up");
    expect(rival("down", "k", { up: "i" })).toBeNull();
    expect(rival("down", "d", { up: "d" })).toBe("up");
    expect(rival("down", "j", {})).toBeNull();
  });
  it("that work while one writes are no letters", () => {
    expect(unfit("send", "s")).toBe("keys.needs_ctrl");
    expect(unfit("send", "Ctrl+s")).toBeNull();
    expect(unfit("down", "d")).toBeNull();
  });
});
