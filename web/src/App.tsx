import { useEffect, useRef } from "react";
import { BoardScreen } from "./board/BoardScreen";
import { FiguresScreen } from "./figures/FiguresScreen";
import { DeskScreen } from "./desk/DeskScreen";
import { usePath } from "./desk/route";
import { t } from "./i18n/t";
import { useStore } from "./live/store";
import { MentionsScreen } from "./mentions/MentionsScreen";
import { RadarScreen } from "./radar/RadarScreen";
import { SettingsScreen } from "./settings/SettingsScreen";
import { Icon } from "./ui/Icon";

function useTheme(): void {
  const theme = useStore((state) => state.desk?.me.preferences.theme ?? "system");
  useEffect(() => {
    if (theme === "system") delete document.documentElement.dataset["theme"];
    else document.documentElement.dataset["theme"] = theme;
  }, [theme]);
}

export function App() {
  const loaded = useStore((state) => state.desk !== null);
  const failed = useStore((state) => state.failed);
  const role = useStore((state) => state.desk?.me.agent.role);
  const leads = role === "owner" || role === "lead";
  const path = usePath();
  const view = useRef("next");
  useTheme();
  if (!loaded)
    return (
      <main className="opening" role="status">
        <Icon name="ear" size={40} />
        <p>{failed ? t("app.failed", { why: failed }) : t("app.loading")}</p>
      </main>
    );
  const [, room, id] = path.split("/");
  if (room === "settings") return <SettingsScreen page={id ?? "channels"} />;
  if (room === "board" && leads) return <BoardScreen />;
  if (room === "figures" && leads) return <FiguresScreen />;
  if (room === "radar" && leads) return <RadarScreen />;
  if (room === "mentions") return <MentionsScreen />;
  if (room === "v" && id) view.current = id;
  if (room === "") view.current = "next";
  return <DeskScreen view={view.current} chosen={room === "c" && id ? id : null} />;
}
