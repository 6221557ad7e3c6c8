import { defineConfig } from "vite";

export default defineConfig({
  base: "/static/",
  build: {
    outDir: "../src/earful/static",
    emptyOutDir: true,
    assetsInlineLimit: 0,
    rollupOptions: {
      // The portal's two scripts stand alone: each is one file of a name that stays.
      input: { index: "index.html", page: "src/portal/page.ts", widget: "src/portal/widget.ts" },
      output: {
        entryFileNames: ({ name }) => (name === "index" ? "assets/[name]-[hash].js" : "portal/[name].js"),
      },
    },
  },
  server: { proxy: { "/api": "http://127.0.0.1:8420", "/sign-in": "http://127.0.0.1:8420" } },
});
