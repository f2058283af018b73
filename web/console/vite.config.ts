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
    // A file costs a slow machine more than its bytes do: one of styles, one of what pages share. Not in it are the
    // components that bring a library along.
    cssCodeSplit: false,
    rolldownOptions: {
      input: ["index.html", "portal.html"],
      output: { codeSplitting: { groups: [{ name: "shared", test: /console\/src\/(?!.*(DialogBox|DownloadsMenu|Tabs)\.svelte)/, minShareCount: 2, maxModuleSize: 5_000 }] } },
    },
  },
  server: { proxy: { "/v1": server } },
});
