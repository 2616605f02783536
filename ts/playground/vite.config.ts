import { defineConfig } from "vite";
import type { Plugin } from "vite";

const engine = new URL("src/engine/", import.meta.url).pathname;

/** What the translation asks of Node, answered by the browser: modules of src/engine that say how. */
function inBrowser(): Plugin {
  return {
    name: "in-browser",
    enforce: "pre",
    resolveId(source) {
      if (source === "node:net") return `${engine}address.ts`;
      if (source.endsWith("/certificate.js")) return `${engine}certificate.ts`;
      if (source.startsWith("node:")) return this.error(`${source} is not there in a browser`);
      return null;
    },
  };
}

/** Files that may lie under any path, and name nothing outside themselves. */
export default defineConfig({
  root: import.meta.dirname,
  base: "./",
  plugins: [inBrowser()],
  build: {
    target: "es2024",
    // The page forbids inline code, so nothing is put inline.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    outDir: "dist",
    emptyOutDir: true,
    chunkSizeWarningLimit: 1000,
  },
});
