/** A machine for tests of secrets: real files and programs, a clock and an environment of their own. */
import { allSections } from "../../packages/openclaw/src/app/sections.ts";
import { chmod, mkdtemp, realpath, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createSpawn } from "../../packages/openclaw/src/base/spawn.ts";
import { systemClock } from "../../packages/openclaw/src/base/time.ts";
import type { Env } from "../../packages/openclaw/src/base/env.ts";
import { createSecretResolver, type ResolveOptions } from "../../packages/openclaw/src/features/secrets/index.ts";

export interface Machine {
  readonly home: string;
  readonly lines: string[];
  readonly resolve: ReturnType<typeof createSecretResolver>;
  /** Writes a file that only its owner can read, or with other permissions. */
  file(name: string, text: string, mode?: number): Promise<string>;
  /** A program that does what `body` (JavaScript) says; `input` is its parsed question. */
  program(name: string, body: string): Promise<string>;
}

export async function machine(env: Env = {}, sections: ResolveOptions["sections"] = allSections): Promise<Machine> {
  const home = await realpath(await mkdtemp(join(tmpdir(), "openclaw-secrets-")));
  const lines: string[] = [];
  const say = (message: string) => void lines.push(message);
  const platform = {
    env: { PATH: process.env["PATH"], ...env },
    paths: { home, state: home, config: join(home, "openclaw.json") },
    spawn: createSpawn(),
    clock: systemClock,
    log: { info: say, warn: say },
  };
  const file = async (name: string, text: string, mode = 0o600) => {
    await writeFile(join(home, name), text);
    await chmod(join(home, name), mode);
    return join(home, name);
  };
  const program = async (name: string, body: string) =>
    file(
      name,
      `#!${process.execPath}
const chunks = [];
process.stdin.on("data", (chunk) => chunks.push(chunk)).on("end", () => {
  const input = JSON.parse(Buffer.concat(chunks).toString());
  const answer = (values, errors) => console.log(JSON.stringify({ protocolVersion: 1, values, errors }));
  ${body}
});
`,
      0o700,
    );
  return { home, lines, resolve: createSecretResolver({ platform, sections }), file, program };
}

/** A configuration with one provider that gives the gateway's token. */
export function tokenFrom(
  ref: Readonly<Record<string, unknown>>,
  provider?: Readonly<Record<string, unknown>>,
): Readonly<Record<string, unknown>> {
  return {
    gateway: { auth: { mode: "token", token: ref } },
    secrets: { providers: provider ? { p: provider } : {} },
  };
}
