// Makes src/gen of the protos. buf resolves imports within one folder alone: ours beside Google's.
import { execFileSync } from "node:child_process";
import { cpSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const sdk = dirname(dirname(fileURLToPath(import.meta.url)));
const googles = ["google/api/annotations.proto", "google/api/http.proto", "google/rpc/error_details.proto"];

const workspace = mkdtempSync(join(tmpdir(), "taskres-protos-"));
try {
  cpSync(join(sdk, "../../protos/taskres"), join(workspace, "taskres"), { recursive: true });
  for (const file of googles) cpSync(join(sdk, "node_modules/google-proto-files", file), join(workspace, file));
  rmSync(join(sdk, "src/gen"), { recursive: true, force: true });
  const path = `${join(sdk, "node_modules/.bin")}:${process.env.PATH}`;
  execFileSync("buf", ["generate", workspace], { cwd: sdk, env: { ...process.env, PATH: path }, stdio: "inherit" });
} finally {
  rmSync(workspace, { recursive: true, force: true });
}
