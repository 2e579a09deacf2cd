import { runnerImport } from "vite";

/** A module of the source, as Vite would serve it. @param {string} path */
export async function load(path) {
  const { module } = await runnerImport(new URL(`../../src/${path}`, import.meta.url).pathname, { configFile: false, logLevel: "error" });
  return /** @type {any} */ (module);
}
