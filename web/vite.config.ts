import { defineConfig } from "vite";

export default defineConfig({
  base: "/static/",
  build: { outDir: "../src/earful/static", emptyOutDir: true, assetsInlineLimit: 0 },
  server: { proxy: { "/api": "http://127.0.0.1:8420", "/sign-in": "http://127.0.0.1:8420" } },
});
