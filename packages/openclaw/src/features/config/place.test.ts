import assert from "node:assert/strict";
import { mkdir, mkdtemp, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { readEnvFiles, resolvePlace } from "./index.ts";

type Env = Record<string, string>;
const PLACES: readonly (readonly [
  what: string,
  env: Env,
  flags: { dev?: boolean; profile?: string },
  state: string,
  config: string,
])[] = [
  ["the default", { HOME: "/h" }, {}, "/h/.openclaw", "/h/.openclaw/openclaw.json"],
  [
    "OPENCLAW_HOME moves everything",
    { HOME: "/h", OPENCLAW_HOME: "~/x" },
    {},
    "/h/x/.openclaw",
    "/h/x/.openclaw/openclaw.json",
  ],
  [
    "a profile has a directory of its own",
    { HOME: "/h" },
    { profile: "work" },
    "/h/.openclaw-work",
    "/h/.openclaw-work/openclaw.json",
  ],
  [
    "a profile may come from the environment",
    { HOME: "/h", OPENCLAW_PROFILE: "work" },
    {},
    "/h/.openclaw-work",
    "/h/.openclaw-work/openclaw.json",
  ],
  [
    "the profile called default is none",
    { HOME: "/h" },
    { profile: "default" },
    "/h/.openclaw",
    "/h/.openclaw/openclaw.json",
  ],
  ["--dev has one too", { HOME: "/h" }, { dev: true }, "/h/.openclaw-dev", "/h/.openclaw-dev/openclaw.json"],
  [
    "explicit variables win",
    { HOME: "/h", OPENCLAW_STATE_DIR: "~/s", OPENCLAW_CONFIG_PATH: "/c.json5" },
    { dev: true },
    "/h/s",
    "/c.json5",
  ],
  ["without HOME the system says", {}, {}, "/os/.openclaw", "/os/.openclaw/openclaw.json"],
];

for (const [what, env, flags, state, config] of PLACES) {
  test(`places: ${what}`, () => {
    const { paths } = resolvePlace(env, flags, "/os");
    assert.deepEqual([paths.state, paths.config], [state, config]);
  });
}

test("--dev brings a port unless one is set", () => {
  assert.equal(resolvePlace({}, { dev: true }, "/os").env["OPENCLAW_GATEWAY_PORT"], "19001");
  assert.equal(resolvePlace({ OPENCLAW_GATEWAY_PORT: "5" }, { dev: true }, "/os").env["OPENCLAW_GATEWAY_PORT"], "5");
});

test("a profile must be a name, and not come with --dev", () => {
  assert.throws(() => resolvePlace({}, { profile: "../x" }, "/os"), { code: "PROFILE_INVALID" });
  assert.throws(() => resolvePlace({}, { profile: "x", dev: true }, "/os"), { code: "PROFILE_INVALID" });
});

async function folders(files: { readonly cwd?: string; readonly state?: string; readonly fallback?: string }) {
  const home = await mkdtemp(join(tmpdir(), "openclaw-env-"));
  const [cwd, state, fallback] = [join(home, "project"), join(home, ".openclaw"), join(home, ".config", "openclaw")];
  for (const folder of [cwd, state, fallback]) await mkdir(folder, { recursive: true });
  if (files.cwd !== undefined) await writeFile(join(cwd, ".env"), files.cwd);
  if (files.state !== undefined) await writeFile(join(state, ".env"), files.state);
  if (files.fallback !== undefined) await writeFile(join(fallback, "gateway.env"), files.fallback);
  return { home, cwd };
}

test(".env files fill what is missing or empty, the nearest first, and never change what is set", async () => {
  const { home, cwd } = await folders({
    cwd: "A=cwd\nB=cwd\n",
    state: "B=state\nC=state\nSET=state\nEMPTY='full'\n",
    fallback: "C=fallback\nD=fallback\n",
  });
  const { env, warnings } = await readEnvFiles(resolvePlace({ HOME: home, SET: "process", EMPTY: "" }, {}, "/os"), cwd);
  assert.deepEqual(
    [env["A"], env["B"], env["C"], env["D"], env["SET"], env["EMPTY"]],
    ["cwd", "cwd", "state", "fallback", "process", "full"],
  );
  assert.equal(warnings.length, 1);
  assert.match(warnings[0] ?? "", /disagree about C/);
});

test("the .env of a folder that somebody works in cannot redirect OpenClaw, while its keys count", async () => {
  const evil =
    "OPENCLAW_GATEWAY_TOKEN=evil\nMATRIX_HOMESERVER=evil\nIRC_HOST=evil\nMATTERMOST_URL=evil\nNODE_OPTIONS=evil\nLD_PRELOAD=evil\nHTTPS_PROXY=evil\nOPENAI_API_KEY=mine\n";
  const { home, cwd } = await folders({ cwd: evil });
  const { env } = await readEnvFiles(resolvePlace({ HOME: home }, {}, "/os"), cwd);
  assert.deepEqual(
    Object.values(env).filter((value) => value === "evil"),
    [],
  );
  assert.equal(env["OPENAI_API_KEY"], "mine");
});

test("the .env of the state directory is trusted", async () => {
  const { home, cwd } = await folders({ state: "OPENCLAW_GATEWAY_TOKEN=mine\n" });
  const { env } = await readEnvFiles(resolvePlace({ HOME: home }, {}, "/os"), cwd);
  assert.equal(env["OPENCLAW_GATEWAY_TOKEN"], "mine");
});
