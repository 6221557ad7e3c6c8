import { useEffect, useRef } from "react";
import { DeskScreen } from "./desk/DeskScreen";
import { usePath } from "./desk/route";
import { t } from "./i18n/t";
import { useStore } from "./live/store";
import { Icon } from "./ui/Icon";
import { later } from "./ui/later";

const BoardScreen = later("board", async () => (await import("./board/BoardScreen")).BoardScreen);
const FiguresScreen = later("figures", async () => (await import("./figures/FiguresScreen")).FiguresScreen);
const MentionsScreen = later("mentions", async () => (await import("./mentions/MentionsScreen")).MentionsScreen);
const OutreachScreen = later("outreach", async () => (await import("./outreach/OutreachScreen")).OutreachScreen);
const RadarScreen = later("radar", async () => (await import("./radar/RadarScreen")).RadarScreen);
const SettingsScreen = later("settings", async () => (await import("./settings/SettingsScreen")).SettingsScreen);

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
  if (room === "outreach") return <OutreachScreen />;
  if (room === "v" && id) view.current = id;
  if (room === "") view.current = "next";
  return <DeskScreen view={view.current} chosen={room === "c" && id ? id : null} />;
}
