import { defineCheck, type CheckContext, type Finding } from "../../contracts/check.ts";
import { PRIVATE_DIR, PRIVATE_FILE, info, setMode } from "../../base/files.ts";
import type { Paths } from "../../contracts/service.ts";
import { isUnknownKey } from "./_check.ts";
import { ConfigSections } from "./index.ts";
import { loadConfig } from "./_load.ts";
import { issueFault, issueLine } from "./_report.ts";

export const checks = [
  defineCheck({
    id: "config.valid",
    kind: "doctor",
    summary: "The configuration is valid.",
    run: judge,
    async fix({ platform, use }) {
      const { removeUnknownKeys } = await import("./_unknown-keys.ts");
      const removed = await removeUnknownKeys({ platform, sections: await use(ConfigSections) });
      return removed.map((path) => `removed ${path}`);
    },
  }),
  defineCheck({
    id: "config.private",
    kind: "doctor",
    summary: "Only the owner can read the configuration and the state directory.",
    async run({ platform: { paths } }) {
      const open = await openToOthers(paths);
      if (open.length === 0) return [{ level: "ok", message: "Only you can read the configuration and the state." }];
      return open.map(({ path, mode, wanted }) => ({
        level: "warn",
        message: `Others on this machine can get at ${path} (mode ${octal(mode)}).`,
        remedy: `Run: openclaw doctor --fix, or: chmod ${octal(wanted)} ${path}`,
      }));
    },
    async fix({ platform: { paths } }) {
      const open = await openToOthers(paths);
      await Promise.all(open.map(({ path, wanted }) => setMode(path, wanted)));
      return open.map(({ path, wanted }) => `set the mode of ${path} to ${octal(wanted)}`);
    },
  }),
];

async function judge({ platform, use }: CheckContext): Promise<readonly Finding[]> {
  const file = await loadConfig({ platform, sections: await use(ConfigSections) });
  if (!file.exists)
    return [
      {
        level: "info",
        message: `No config at ${file.path}: the defaults apply.`,
        remedy: "Make one with: openclaw setup",
      },
    ];
  if (file.valid) return [{ level: "ok", message: `Config valid: ${file.path}` }];
  const byHand = file.problem === "schema" && !file.issues.some(isUnknownKey);
  const remedy = byHand
    ? "Correct what is named by hand: openclaw doctor --fix removes unknown keys only."
    : issueFault(file).remedy;
  return file.issues.map((issue, at) => ({
    level: "error",
    message: issueLine(issue),
    ...(at === file.issues.length - 1 ? { remedy } : {}),
  }));
}

interface Open {
  readonly path: string;
  readonly mode: number;
  readonly wanted: number;
}

/** Windows keeps permissions elsewhere. */
async function openToOthers({ config, state }: Paths): Promise<readonly Open[]> {
  if (process.platform === "win32") return [];
  const found = await Promise.all([look(state), look(config)]);
  return found.filter((each) => each !== undefined);
}

async function look(path: string): Promise<Open | undefined> {
  const found = await info(path);
  if (found === undefined || (found.mode & 0o077) === 0) return undefined;
  return { path, mode: found.mode, wanted: found.isDirectory ? PRIVATE_DIR : PRIVATE_FILE };
}

function octal(mode: number): string {
  return mode.toString(8).padStart(4, "0");
}
