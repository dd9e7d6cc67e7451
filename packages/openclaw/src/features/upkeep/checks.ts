import { join } from "node:path";
import { ensureDir, exists, list, move, removeEmptyDir } from "../../base/files.ts";
import { defineCheck, type CheckContext, type Finding } from "../../contracts/check.ts";

/** Where the only agent of older versions kept its files, and where the agent `main` keeps them. */
const OLD_PLACES = [
  { from: "agent", to: "agents/main/agent" },
  { from: "sessions", to: "agents/main/sessions" },
] as const;

export const checks = [
  defineCheck({
    id: "upkeep.old-places",
    kind: "doctor",
    summary: "Files of the only agent of older versions are where the agent main looks for them.",
    run: look,
    fix: bring,
  }),
];

interface Leftover {
  readonly name: string;
  readonly from: string;
  readonly to: string;
  /** The name is taken where it should go. */
  readonly taken: boolean;
}

async function leftovers({ platform }: CheckContext): Promise<readonly Leftover[]> {
  const found: Leftover[] = [];
  for (const { from, to } of OLD_PLACES) {
    for (const name of await list(join(platform.paths.state, from))) {
      const target = join(platform.paths.state, to, name);
      found.push({ name, from: join(platform.paths.state, from, name), to: target, taken: await exists(target) });
    }
  }
  return found;
}

async function look(context: CheckContext): Promise<readonly Finding[]> {
  const found = await leftovers(context);
  if (found.length === 0) return [{ level: "ok", message: "No files of a single-agent version are left." }];
  const taken = found.filter((one) => one.taken);
  return [
    {
      level: "warn",
      message: `${found.length} files of a single-agent version lie where nobody looks for them: ${found[0]?.from ?? ""}${found.length > 1 ? " and others" : ""}.`,
      remedy:
        taken.length === found.length
          ? "Files of the same names are in place already; look at these and remove them."
          : "Bring them to the agent main with: openclaw doctor --fix",
    },
  ];
}

/** What is there already is never written over. */
async function bring(context: CheckContext): Promise<readonly string[]> {
  const done: string[] = [];
  for (const { from, to, taken } of await leftovers(context)) {
    if (taken) continue;
    await ensureDir(join(to, ".."));
    await move(from, to);
    done.push(`moved ${from} to ${to}`);
  }
  for (const { from } of OLD_PLACES) await removeEmptyDir(join(context.platform.paths.state, from));
  return done;
}
