import { expect, test } from "vitest";
import type { Agent } from "../api/types";
import { moveBody, nextPlace } from "./moving";
import type { Duty } from "./types";

const agents = ["ann", "bob", "cem"].map((id) => ({ id }) as Agent);
const duty: Duty = {
  starts_at: new Date("2026-11-04T22:00:00").toISOString(), ends_at: new Date("2026-11-05T06:00:00").toISOString(),
  agent_id: "bob", team_id: null, on_call: false, shift_id: "s", day: "2026-11-05",
};

test("arrows lead a day on or back, and to the colleague above or below", () => {
  const places = ["ArrowLeft", "ArrowRight", "ArrowUp", "ArrowDown"].map((key) => nextPlace(duty, key, agents));
  expect(places).toEqual([
    { agent_id: "bob", day: "2026-11-03" }, { agent_id: "bob", day: "2026-11-05" },
    { agent_id: "ann", day: "2026-11-04" }, { agent_id: "cem", day: "2026-11-04" },
  ]);
  expect(nextPlace({ ...duty, agent_id: "cem" }, "ArrowDown", agents)).toBeNull();
  expect(nextPlace(duty, "Enter", agents)).toBeNull();
});

test("a shift whose zone calls its day otherwise is moved by as many days", () => {
  expect(moveBody(duty, { agent_id: "ann", day: "2026-11-07" })).toEqual({ day: "2026-11-05", agent_id: "ann", to: "2026-11-08" });
});
