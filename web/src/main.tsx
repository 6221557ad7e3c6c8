import "@fontsource-variable/inter";
import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { App } from "./App";
import { follow } from "./live/stream";
import { Broken } from "./ui/Broken";
import { followKeyboard } from "./ui/seen";
import "./styles/tokens.css";
import "./styles/frame.css";
import "./styles/desk.css";
import "./styles/parts.css";
import "./styles/paging.css";
import "./styles/roster.css";
import "./styles/board.css";
import "./styles/figures.css";
import "./styles/mentions.css";
import "./styles/radar.css";
import "./styles/phone.css";

const queries = new QueryClient({ defaultOptions: { queries: { retry: 1, staleTime: 5000 } } });
const root = document.getElementById("root");
if (root)
  createRoot(root).render(
    <StrictMode>
      <QueryClientProvider client={queries}>
        <Broken>
          <App />
        </Broken>
      </QueryClientProvider>
    </StrictMode>,
  );
followKeyboard();
void follow();
