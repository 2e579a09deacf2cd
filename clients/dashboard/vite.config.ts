import { defineConfig, type Plugin } from "vite";

const services = process.env.TASKRES_WEB ?? "http://127.0.0.1:5101";

// The reload client of `npm run dev` is an inline script. What is built keeps the policy.
const policyOfBuildsAlone: Plugin = {
  name: "policy-of-builds-alone",
  apply: "serve",
  transformIndexHtml: (html) => html.replace(/<meta http-equiv="Content-Security-Policy"[^>]*>/, ""),
};

export default defineConfig({
  plugins: [policyOfBuildsAlone],
  build: {
    // What AllInOne serves, and what any static server may.
    outDir: process.env.TASKRES_DASHBOARD_OUT ?? "../../services/AllInOne/Bundled/dashboard",
    emptyOutDir: true,
    target: "es2023",
    // The policy allows no data: in scripts and styles.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    chunkSizeWarningLimit: 600,
  },
  server: {
    proxy: Object.fromEntries(["/taskres.v1", "/metrics", "/health"].map((path) => [path, services])),
  },
});
