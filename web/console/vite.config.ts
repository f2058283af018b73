// The console as it is served: files named by a hash of what is in them, nothing inline, nothing from elsewhere.
// For development, `vite` stands before a running `holdfast serve` (HOLDFAST_URL).

import { svelte } from "@sveltejs/vite-plugin-svelte";
import { defineConfig } from "vite";

const server = process.env["HOLDFAST_URL"] ?? "http://127.0.0.1:8080";

export default defineConfig({
  base: "/console/",
  plugins: [svelte()],
  build: {
    target: "es2023",
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    license: { fileName: "licenses.txt" },
    reportCompressedSize: false,
    // The console, and the page of a link's holder, which others may frame.
    rollupOptions: { input: ["index.html", "portal.html"] },
  },
  server: { proxy: { "/v1": server } },
});
