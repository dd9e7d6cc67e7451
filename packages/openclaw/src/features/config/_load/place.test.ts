import assert from "node:assert/strict";
import { mkdir, mkdtemp, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { readEnvFiles, resolvePlace } from "../index.ts";

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
  [
    "the flag wins over the profile of the environment",
    { HOME: "/h", OPENCLAW_PROFILE: "home" },
    { profile: "work" },
    "/h/.openclaw-work",
    "/h/.openclaw-work/openclaw.json",
  ],
  [
    "the profile called default takes back that of the environment",
    { HOME: "/h", OPENCLAW_PROFILE: "home" },
    { profile: "default" },
    "/h/.openclaw",
    "/h/.openclaw/openclaw.json",
  ],
  [
    "an empty profile in the environment is none",
    { HOME: "/h", OPENCLAW_PROFILE: "" },
    {},
    "/h/.openclaw",
    "/h/.openclaw/openclaw.json",
  ],
  [
    "--dev wins over the profile of the environment",
    { HOME: "/h", OPENCLAW_PROFILE: "work" },
    { dev: true },
    "/h/.openclaw-dev",
    "/h/.openclaw-dev/openclaw.json",
  ],
  [
    "a state directory of its own wins over a profile, and holds the file",
    { HOME: "/h", OPENCLAW_STATE_DIR: "/s" },
    { profile: "work" },
    "/s",
    "/s/openclaw.json",
  ],
  [
    "a file of its own leaves the state directory where the profile puts it",
    { HOME: "/h", OPENCLAW_CONFIG_PATH: "~/c.json" },
    { profile: "work" },
    "/h/.openclaw-work",
    "/h/c.json",
  ],
  [
    "USERPROFILE is a home where HOME is not set",
    { USERPROFILE: "/u" },
    {},
    "/u/.openclaw",
    "/u/.openclaw/openclaw.json",
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

test("a profile given by flag is seen by parts that only know the environment", () => {
  assert.equal(resolvePlace({}, { profile: "work" }, "/os").env["OPENCLAW_PROFILE"], "work");
  const other = resolvePlace({ OPENCLAW_PROFILE: "home" }, { profile: "work" }, "/os");
  assert.equal(other.env["OPENCLAW_PROFILE"], "work");
  assert.equal(resolvePlace({}, {}, "/os").env["OPENCLAW_PROFILE"], undefined);
});

test("only the default state directory reads the file that services share", () => {
  assert.equal(resolvePlace({ HOME: "/h" }, {}, "/os").isDefault, true);
  assert.equal(resolvePlace({ HOME: "/h" }, { profile: "work" }, "/os").isDefault, false);
  assert.equal(resolvePlace({ HOME: "/h", OPENCLAW_STATE_DIR: "/h/x" }, {}, "/os").isDefault, false);
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

test("the .env of the state directory is trusted also while working in it, and gateway.env is left out elsewhere", async () => {
  const { home } = await folders({ state: "OPENCLAW_GATEWAY_TOKEN=mine\n", fallback: "D=fallback\n" });
  const inside = await readEnvFiles(resolvePlace({ HOME: home }, {}, "/os"), join(home, ".openclaw"));
  assert.equal(inside.env["OPENCLAW_GATEWAY_TOKEN"], "mine");
  assert.equal(inside.env["D"], "fallback");
  const elsewhere = { HOME: home, OPENCLAW_STATE_DIR: join(home, "other") };
  assert.equal((await readEnvFiles(resolvePlace(elsewhere, {}, "/os"), home)).env["D"], undefined);
});

test("the .env of the state directory is trusted", async () => {
  const { home, cwd } = await folders({ state: "OPENCLAW_GATEWAY_TOKEN=mine\n" });
  const { env } = await readEnvFiles(resolvePlace({ HOME: home }, {}, "/os"), cwd);
  assert.equal(env["OPENCLAW_GATEWAY_TOKEN"], "mine");
});
