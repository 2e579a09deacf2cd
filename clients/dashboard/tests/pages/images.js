import { cp, mkdir, mkdtemp, readdir } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { repository } from "./suite.js";

const bundled = join(repository, "services/AllInOne/Bundled/tasks/outlines");

/** A folder of class folders, with the first images of the bundled task. @param {"train" | "test"} part @param {number} images of each class */
export async function labelledFolder(part, images) {
  const folder = await mkdtemp(join(tmpdir(), `taskres-${part}-`));
  for (const name of await readdir(join(bundled, part))) {
    await mkdir(join(folder, name));
    for (const file of (await readdir(join(bundled, part, name))).sort().slice(0, images)) await cp(join(bundled, part, name, file), join(folder, name, file));
  }
  return folder;
}

/** One image of the bundled task. @param {string} name @param {number} index */
export const testImage = (name, index) => join(bundled, "test", name, `${String(index).padStart(2, "0")}.webp`);
