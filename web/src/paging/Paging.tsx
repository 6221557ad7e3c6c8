/** Being woken: one's own pagers and quiet hours; for leads everybody's, the ladders, the causes. */
import { useDesk } from "../live/store";
import { Ladders } from "./Ladders";
import { Pagers } from "./Pagers";
import { QuietHours } from "./QuietHours";

export function Paging() {
  const { me } = useDesk();
  const leads = me.agent.role === "owner" || me.agent.role === "lead";
  return (
    <>
      <Pagers leads={leads} />
      <QuietHours />
      {leads ? <Ladders /> : null}
    </>
  );
}
