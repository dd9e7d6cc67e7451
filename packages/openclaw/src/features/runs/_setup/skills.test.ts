import assert from "node:assert/strict";
import { test } from "node:test";
import { SYSTEM } from "../../../contracts/principal.ts";
import type { Principal } from "../../../contracts/principal.ts";
import type { Tool } from "../../../contracts/tool.ts";
import type { SkillQuery, SkillSet } from "../../skills/index.ts";
import type { Place } from "./setup.ts";
import { skillsOf } from "./skills.ts";

const SET = {
  version: "v1",
  prompt: "<available_skills/>",
  env: { TEA_KEY: "k" },
  skills: [{ name: "tea", baseDir: "/nowhere/tea" }],
  omitted: 0,
} as unknown as SkillSet;

interface Wishes {
  readonly principal?: Principal;
  readonly config?: Readonly<Record<string, unknown>>;
  readonly tools?: readonly string[];
  readonly snapshot?: unknown;
  readonly broken?: true;
}

/** What a run gets and what was asked of the skills. Fakes around it. */
async function given({ principal = SYSTEM, config = {}, tools = ["read"], snapshot, broken }: Wishes = {}) {
  const asked: SkillQuery[] = [];
  const warnings: string[] = [];
  const at = (path: string): unknown =>
    path.split(".").reduce<unknown>((value, key) => (value as Record<string, unknown> | undefined)?.[key], config);
  const section = () => ({ fs: { workspaceOnly: config["confined"] === true } });
  const deps = {
    use: async () => ({
      eligible: async (query: SkillQuery) => {
        if (broken) throw new Error("the disk is gone");
        asked.push(query);
        return SET;
      },
    }),
    log: { warn: (text: string) => void warnings.push(text) },
  };
  const place = {
    agent: { id: "main", workspace: "/ws" },
    config: { at, section },
    session: { entry: snapshot === undefined ? {} : { skillsSnapshot: snapshot } },
  } as unknown as Place;
  const turn = { id: "t", sessionKey: "agent:main:main", principal };
  const run = await skillsOf(deps as never, turn, { place, tools: tools.map((name) => ({ name }) as Tool) });
  return { run, asked, warnings };
}

const guest: Principal = { kind: "person", id: "g", role: "guest", scopes: [] };

test("a run gets the list and the variables, and the session notes once what it was given", async () => {
  const { run, asked } = await given();
  const snapshot = { version: "v1", skills: [{ name: "tea" }] };
  assert.deepEqual(run, { prompt: SET.prompt, env: SET.env, folders: [], snapshot });
  assert.equal(asked[0]?.fresh, true);
  const later = await given({ snapshot: { version: "v1" } });
  assert.deepEqual([later.run.snapshot, later.asked[0]?.fresh], [undefined, false]);
});

for (const [who, principal] of [
  ["a guest", guest],
  ["work that a guest caused", { ...SYSTEM, parent: guest }],
] as const) {
  test(`${who} gets no variables and only skills of the workspace`, async () => {
    const { run, asked } = await given({ principal, config: { confined: true } });
    assert.deepEqual([run.env, run.folders, asked[0]?.within, run.snapshot], [{}, [], "/ws", undefined]);
  });
}

test("a run in a sandbox gets no variables", async () => {
  const { run } = await given({ config: { agents: { defaults: { sandbox: { mode: "all" } } } } });
  assert.deepEqual([run.env, run.prompt], [{}, SET.prompt]);
});

test("a confined run may read the folders of its skills", async () => {
  assert.deepEqual((await given({ config: { confined: true } })).run.folders, ["/nowhere/tea"]);
});

test("a run that can read nothing gets no skills", async () => {
  const { run, asked } = await given({ tools: ["session_status"] });
  assert.deepEqual([run, asked], [{ prompt: "", env: {}, folders: [] }, []]);
});

test("a run goes on without skills when they cannot be had", async () => {
  const { run, warnings } = await given({ broken: true });
  assert.deepEqual([run.prompt, warnings], ["", ["skills are left out of a run"]]);
});
