import { defineCheck, type CheckContext, type Finding } from "../../contracts/check.ts";
import { accessOf } from "../../base/open.ts";
import { PRIVATE_DIR, PRIVATE_FILE, info, setMode } from "../../base/files.ts";
import type { Paths } from "../../contracts/service.ts";
import { ConfigSections } from "./index.ts";
import { loadConfig, readConfig } from "./_load/load.ts";
import { issueFault, issueLine } from "./_report.ts";

export const checks = [
  defineCheck({
    id: "config.legacy",
    kind: "doctor",
    summary: "No key is one of an older version.",
    async run({ platform }) {
      const file = await readConfig(platform);
      const named = new Set(file.issues.map(issueLine));
      return file.legacyIssues
        .filter((issue) => !named.has(issueLine(issue)))
        .map((issue) => ({
          level: "info",
          message: issueLine(issue),
          remedy: issue.file === undefined ? "Rewrite it with: openclaw doctor --fix" : "Rewrite it in that file.",
        }));
    },
    async fix({ platform, use }) {
      const { migrateConfig } = await import("./_write/migrate.ts");
      const { lines } = await migrateConfig(
        { platform, sections: await use(ConfigSections) },
        { accept: ({ problem }) => problem !== "syntax" },
      );
      return lines;
    },
  }),
  defineCheck({
    id: "config.valid",
    kind: "doctor",
    summary: "The configuration is valid.",
    run: judge,
    async fix({ platform, use }) {
      const { removeUnknownKeys } = await import("./_write/unknown-keys.ts");
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
  defineCheck({
    id: "config.includes",
    kind: "doctor",
    summary: "Only the owner can read files that the configuration includes.",
    async run({ platform }) {
      const { includes } = await readConfig(platform);
      const open = await Promise.all([...new Set(includes.map(({ file }) => file))].map(lookAtFile));
      return open
        .filter((each) => each !== undefined)
        .map(({ path, mode }) => ({
          level: "warn",
          message: `Others on this machine can get at the included ${path} (mode ${octal(mode)}).`,
          remedy: `Unless nothing in it is secret: chmod 0600 ${path}`,
        }));
    },
  }),
  defineCheck({
    id: "config.symlink",
    kind: "doctor",
    summary: "The configuration is a file of its own, not a link.",
    async run({ platform: { paths } }) {
      if ((await accessOf(paths.config))?.isLink !== true) return [];
      return [
        {
          level: "warn",
          message: `${paths.config} is a link: a change by OpenClaw puts a file in its place.`,
          remedy: "Name the file itself with OPENCLAW_CONFIG_PATH, or include it from a file of its own.",
        },
      ];
    },
  }),
  defineCheck({
    id: "config.newer",
    kind: "doctor",
    summary: "The configuration was not written by a newer version.",
    async run({ platform }) {
      const { newerWarning } = await import("./_load/newer.ts");
      const message = newerWarning((await readConfig(platform)).resolved, platform.version);
      if (message === undefined) return [];
      return [
        {
          level: "warn",
          message,
          remedy: "Make sure that PATH leads to the newer installation, and remove the older one.",
        },
      ];
    },
  }),
  defineCheck({
    id: "config.folders",
    kind: "doctor",
    summary: "Sessions and logins are where this version looks for them.",
    async run({ platform }) {
      const { oldFolders } = await import("./_legacy/disk.ts");
      const { lines, left } = await oldFolders(await foldersOf(platform));
      return [
        ...lines.map((line): Finding => ({
          level: "warn",
          message: `To be moved: ${line}`,
          remedy: "Run: openclaw doctor --fix",
        })),
        ...left.map((path): Finding => ({
          level: "warn",
          message: `${path} is left from an older version; its new place is taken by another file.`,
          remedy: "Compare the two and remove the one that you do not need.",
        })),
      ];
    },
    async fix({ platform }) {
      const { moveOldFolders } = await import("./_legacy/disk.ts");
      const { lines } = await moveOldFolders(await foldersOf(platform));
      return lines.map((line) => `moved ${line}`);
    },
  }),
];

async function foldersOf(platform: CheckContext["platform"]) {
  return { state: platform.paths.state, config: (await readConfig(platform)).resolved, scope: "all" } as const;
}

async function lookAtFile(path: string): Promise<Open | undefined> {
  const found = process.platform === "win32" ? undefined : await look(path);
  return found?.wanted === PRIVATE_FILE ? found : undefined;
}

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
  const { remedy } = issueFault(file);
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
