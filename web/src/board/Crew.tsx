/** Who is here and how much each has, and the stretches of today in which nobody will be. */
import { put, words } from "../api/client";
import { go } from "../desk/route";
import { t } from "../i18n/t";
import { toast } from "../ui/toast";
import { wallTime } from "../ui/time";
import type { Board, Person } from "./useBoard";

function Load({ person }: { person: Person }) {
  if (person.capacity === null) return <span className="num">{person.load}</span>;
  const share = person.capacity ? Math.min(1, person.load / person.capacity) : 1;
  return (
    <>
      <span className="num">{t("board.of", { n: person.load, most: person.capacity })}</span>
      <i className={`load ${share >= 1 ? "full" : ""}`} aria-hidden="true"><i style={{ width: `${Math.round(share * 100)}%` }} /></i>
    </>
  );
}

function NobodyHere() {
  const say = (): void => void put("/me/status", { status: "here" }).catch((error: unknown) => toast(words(error), { bad: true }));
  return (
    <div className="calm-words with-act">
      <p>{t("board.nobody_here")}</p>
      <button className="btn" onClick={say}>{t("board.i_am")}</button>
    </div>
  );
}

export function Crew({ people, rostered }: { people: Person[]; rostered: boolean }) {
  return (
    <section aria-label={t("board.people")}>
      <h2>{t("board.people")}</h2>
      {people.some((one) => one.status !== "away") ? null : <NobodyHere />}
      <table className="crew">
        <thead>
          <tr><th scope="col">{t("board.name")}</th><th scope="col">{t("board.status")}</th><th scope="col">{t("board.load")}</th><th scope="col">{t("board.late_of")}</th></tr>
        </thead>
        <tbody>
          {people.map((one) => (
            <tr key={one.id}>
              <th scope="row"><bdi>{one.name}</bdi></th>
              <td className={one.status}>
                <i aria-hidden="true" className="dot" /> {t(`status.${one.status}`)}
                {rostered ? <small>{t(one.on_shift ? "board.on_shift" : "board.off_shift")}</small> : null}
              </td>
              <td><Load person={one} /></td>
              <td className={`num ${one.late ? "hot" : ""}`}>{one.late}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

export function GapsToday({ board }: { board: Board }) {
  const said = (gap: Board["gaps"][number]): string => {
    // The day's last gap ends with it; "12:00 AM" is read as noon by half of us.
    const to = new Date(gap.ends_at).getHours() ? wallTime(gap.ends_at) : t("board.midnight");
    if (gap.starts_at === board.at) return t("board.gap_now", { to });
    return t("board.gap", { from: wallTime(gap.starts_at), to });
  };
  return (
    <section aria-label={t("board.gaps")}>
      <h2>{t("board.gaps")}</h2>
      {board.rostered ? null : (
        <p className="calm-words">{t("board.no_roster")} <a href="/settings/roster" onClick={(event) => { event.preventDefault(); go("/settings/roster"); }}>{t("board.to_roster")}</a></p>
      )}
      {board.rostered && !board.gaps.length ? <p className="calm-words">{t("board.no_gaps")}</p> : null}
      <ul className="today">{board.gaps.map((gap) => <li key={gap.starts_at}>{said(gap)}</li>)}</ul>
    </section>
  );
}
