/** A home with folders of skills, and the service over it. Fakes of everything around: configuration, events. */
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import type { TestContext } from "node:test";
import { Scope } from "../../base/scope.ts";
import type { Log } from "../../base/log.ts";
import { systemClock } from "../../base/time.ts";
import { Events } from "../../contracts/bus.ts";
import type { Platform, Token, Use } from "../../contracts/service.ts";
import type { ConfigSnapshot } from "../config/index.ts";
import { services } from "./service.ts";
import { BundledSkills, Skills } from "./index.ts";
import type { SkillsService } from "./index.ts";

export interface Home {
  readonly path: string;
  readonly agent: { readonly id: string; readonly workspace: string };
  readonly skills: SkillsService;
  readonly published: string[];
  readonly warnings: string[];
  /** Writes a file below the home. */
  write(path: string, text: string): Promise<string>;
  /** Writes `<folder>/<name>/SKILL.md`. */
  skill(folder: string, name: string, head?: string): Promise<string>;
  /** A program that can be found. */
  program(name: string): Promise<void>;
}

export async function home(context: TestContext, env: Readonly<Record<string, string>> = {}): Promise<Home> {
  const path = await mkdtemp(join(tmpdir(), "skills-"));
  const published: string[] = [];
  const warnings: string[] = [];
  const log = { ...silent, warn: (text: string) => void warnings.push(text) } as unknown as Log;
  const scope = new Scope(systemClock, "test");
  const platform = {
    clock: systemClock,
    log: { ...log, for: () => log },
    env: { PATH: join(path, "bin"), ...env },
    paths: { home: path, state: join(path, "state"), config: join(path, "state", "openclaw.json") },
  } as unknown as Platform;
  const given = new Map<string, unknown>([
    [BundledSkills.name, join(path, "bundled")],
    [Events.name, { publish: (event: string) => void published.push(event) }],
  ]);
  const use: Use = <T>(token: Token<T>) => Promise.resolve(given.get(token.name) as T);
  const provider = services.find((each) => each.token.name === Skills.name);
  const skills = (await provider?.make({ use, platform, scope })) as SkillsService;
  context.after(async () => {
    await scope.close();
    await rm(path, { recursive: true, force: true });
  });
  const write = async (at: string, text: string): Promise<string> => {
    const file = join(path, at);
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, text);
    return file;
  };
  return {
    path,
    agent: { id: "main", workspace: join(path, "state", "workspace") },
    skills,
    published,
    warnings,
    write,
    skill: (folder, name, head = "") =>
      write(join(folder, name, "SKILL.md"), `---\nname: ${name}\ndescription: About ${name}\n${head}\n---\nDo it.\n`),
    async program(name) {
      const file = await write(join("bin", name), "#!/bin/sh\n");
      await (await import("node:fs/promises")).chmod(file, 0o755);
    },
  };
}

const silent = { trace() {}, debug() {}, info() {}, warn() {}, error() {}, fatal() {} };

/** A configuration with these settings, as far as skills read it. */
export function settings(root: Readonly<Record<string, unknown>> = {}): ConfigSnapshot {
  const at = (path: string): unknown =>
    path
      .split(".")
      .reduce<unknown>((value, key) => (value as Readonly<Record<string, unknown>> | undefined)?.[key], root);
  const { load, ...skills } = (root["skills"] ?? {}) as { load?: object };
  const section = () => ({ ...skills, load: { extraDirs: [], watch: true, watchDebounceMs: 5, ...load } });
  return { at, section, root, hash: "" } as unknown as ConfigSnapshot;
}
