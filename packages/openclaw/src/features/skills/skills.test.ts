import assert from "node:assert/strict";
import { mkdir, rm, symlink } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { home, settings, type Home } from "./home.fixture.ts";

const names = async (at: Home, config = settings(), filter?: readonly string[]) =>
  (await at.skills.eligible({ agent: at.agent, config, ...(filter ? { filter } : {}) })).skills.map(({ name }) => name);

test("of skills with one name the highest folder's is taken, in the documented order", async (context) => {
  const at = await home(context);
  const config = settings({ skills: { load: { extraDirs: ["~/extra"] } } });
  const order = [
    "state/workspace/skills",
    "state/workspace/.agents/skills",
    ".agents/skills",
    "state/skills",
    "bundled",
    "extra",
  ];
  for (const folder of order) await at.skill(folder, "tea");
  const seen: string[] = [];
  for (const folder of order) {
    const { skills } = await at.skills.eligible({ agent: at.agent, config: settings({ ...config.root }), fresh: true });
    seen.push(skills[0]?.baseDir ?? "");
    await rm(join(at.path, folder, "tea"), { recursive: true });
    await until(async () => (await at.skills.eligible({ agent: at.agent, config })).skills[0]?.baseDir !== seen.at(-1));
    if (folder === "state/skills") break;
  }
  assert.deepEqual(
    seen,
    order.slice(0, 4).map((folder) => join(at.path, folder, "tea")),
  );
  const { skills } = await at.skills.eligible({ agent: at.agent, config });
  assert.equal(skills[0]?.source, "openclaw-bundled");
});

test("skills may stand in a group, one folder deep", async (context) => {
  const at = await home(context);
  await at.skill("state/skills/kitchen", "tea");
  await at.skill("state/skills/kitchen/deep", "coffee");
  await at.skill("state/skills", "milk");
  assert.deepEqual(await names(at), ["tea", "milk"]);
});

test("each agent sees the skills of its own workspace and the shared ones", async (context) => {
  const at = await home(context);
  await at.skill("state/workspace/skills", "tea");
  await at.skill("other/skills", "coffee");
  await at.skill("state/skills", "milk");
  assert.deepEqual(await names(at), ["tea", "milk"]);
  const other = { id: "other", workspace: join(at.path, "other") };
  const { skills } = await at.skills.eligible({ agent: other, config: settings() });
  assert.deepEqual(
    skills.map(({ name }) => name),
    ["coffee", "milk"],
  );
});

test("a link that leaves its folder of skills is left out with a warning; one inside it is followed", async (context) => {
  const at = await home(context);
  await at.skill("elsewhere", "secret");
  await at.skill("state/skills/.kept", "tea");
  await symlink(join(at.path, "elsewhere", "secret"), join(at.path, "state/skills/secret"));
  await symlink(join(at.path, "state/skills/.kept/tea"), join(at.path, "state/skills/tea"));
  await mkdir(join(at.path, "state/skills/half"));
  await symlink(join(at.path, "elsewhere/secret/SKILL.md"), join(at.path, "state/skills/half/SKILL.md"));
  assert.deepEqual(await names(at), ["tea"]);
  const { problems } = await at.skills.states({ agent: at.agent, config: settings() });
  assert.deepEqual(
    problems.map(({ path }) => path.slice(at.path.length)),
    ["/state/skills/secret", "/state/skills/half/SKILL.md"],
  );
  assert.match(at.warnings.join("\n"), /skills\/secret leads out of its folder/);
});

test("a workspace whose folder of skills is a link out of it has none; the owner's own folders may be links", async (context) => {
  const at = await home(context);
  await at.skill("elsewhere", "tea");
  await at.skill("dotfiles", "coffee");
  await mkdir(at.agent.workspace, { recursive: true });
  await symlink(join(at.path, "elsewhere"), join(at.agent.workspace, "skills"));
  await symlink(join(at.path, "dotfiles"), join(at.path, "state/skills"));
  assert.deepEqual(await names(at), ["coffee"]);
});

test("a broken skill is left out by name and reason, and the others stay", async (context) => {
  const at = await home(context);
  await at.write("state/skills/broken/SKILL.md", "no head\n");
  await at.write("state/skills/huge/SKILL.md", "x".repeat(300 * 1024));
  await mkdir(join(at.path, "state/skills/odd/SKILL.md"), { recursive: true });
  await at.skill("state/skills", "tea");
  assert.deepEqual(await names(at), ["tea"]);
  const { problems } = await at.skills.states({ agent: at.agent, config: settings() });
  assert.deepEqual(
    problems.map(({ path, reason }) => [path.split("/").at(-2), reason.slice(0, 20)]),
    [
      ["broken", "has no front matter:"],
      ["huge", "is larger than 256 K"],
      ["odd", problems[2]?.reason.slice(0, 20)],
    ],
  );
});

test("a skill that is written, changed or removed shows at the next turn, and clients are told", async (context) => {
  const at = await home(context);
  assert.deepEqual(await names(at), []);
  const file = await at.skill("state/workspace/skills", "tea");
  await until(async () => (await names(at)).includes("tea"));
  const before = await at.skills.eligible({ agent: at.agent, config: settings() });
  await at.write("state/workspace/skills/tea/SKILL.md", "---\nname: tea\ndescription: Better tea\n---\n");
  await until(async () =>
    (await at.skills.eligible({ agent: at.agent, config: settings() })).prompt.includes("Better tea"),
  );
  const after = await at.skills.eligible({ agent: at.agent, config: settings() });
  assert.notEqual(after.version, before.version);
  await rm(file);
  await until(async () => !(await names(at)).includes("tea"));
  await until(async () => at.published.includes("skills.changed"));
});

test("without watching, a change shows when a conversation begins", async (context) => {
  const at = await home(context);
  const config = settings({ skills: { load: { watch: false } } });
  await at.skill("state/skills", "tea");
  assert.deepEqual(await names(at, config), ["tea"]);
  await at.skill("state/skills", "milk");
  assert.deepEqual(await names(at, config), ["tea"]);
  const { skills } = await at.skills.eligible({ agent: at.agent, config, fresh: true });
  assert.deepEqual(
    skills.map(({ name }) => name),
    ["milk", "tea"],
  );
});

test("where not everything can be watched, a change shows when a conversation begins", async (context) => {
  const at = await home(context);
  for (let group = 0; group < 420; group += 1)
    await mkdir(join(at.path, "state/skills", `group-${group}`), { recursive: true });
  await at.skill("state/skills", "tea");
  assert.deepEqual(await names(at), ["tea"]);
  await at.skill("state/skills/group-419", "milk");
  const { skills } = await at.skills.eligible({ agent: at.agent, config: settings(), fresh: true });
  assert.deepEqual(
    skills.map(({ name }) => name),
    ["milk", "tea"],
  );
});

test("nothing changes from turn to turn while no skill does", async (context) => {
  const at = await home(context);
  await at.skill("state/skills", "tea");
  const first = await at.skills.eligible({ agent: at.agent, config: settings() });
  await at.write("state/skills/tea/notes.txt", "brewed");
  const second = await at.skills.eligible({ agent: at.agent, config: settings() });
  assert.deepEqual([second.prompt, second.version], [first.prompt, first.version]);
});

test("a conversation that begins looks again only where a change may have been missed", async (context) => {
  const at = await home(context);
  await at.skill("bundled", "tea");
  const ask = () => at.skills.eligible({ agent: at.agent, config, fresh: true });
  const config = settings();
  assert.equal(await ask(), await ask());
  await at.skill("state/workspace/skills", "milk");
  await until(async () => (await ask()).skills.length === 2);
});

test("a program that is installed makes its skill eligible", async (context) => {
  const at = await home(context);
  await at.skill("state/skills", "tea", `metadata: {"openclaw":{"requires":{"bins":["kettle"]}}}`);
  const [state] = (await at.skills.states({ agent: at.agent, config: settings() })).skills;
  assert.deepEqual([state?.eligible, state?.missing.bins], [false, ["kettle"]]);
  await at.program("kettle");
  const other = await home(context, { PATH: join(at.path, "bin") });
  await other.skill("state/skills", "tea", `metadata: {"openclaw":{"requires":{"bins":["kettle"]}}}`);
  assert.deepEqual(await names(other), ["tea"]);
});

test("the list of the agent, and that of the conversation, leave only what they name", async (context) => {
  const at = await home(context);
  for (const name of ["tea", "milk", "juice"]) await at.skill("state/skills", name);
  const config = settings({ agents: { defaults: { skills: ["tea", "milk"] } } });
  assert.deepEqual(await names(at, config), ["milk", "tea"]);
  assert.deepEqual(await names(at, config, ["tea", "juice"]), ["tea"]);
  const own = settings({ agents: { defaults: { skills: ["tea"] }, list: [{ id: "Main", skills: [] }] } });
  assert.deepEqual(await names(at, own), []);
});

test("commands have names that every network takes, and never those of others", async (context) => {
  const at = await home(context);
  const long = "a-very-long-name-of-a-skill-that-does-not-fit";
  for (const name of ["git-review", "status", long, `${long}-either`]) await at.skill("state/skills", name);
  await at.skill("state/skills", "quiet", "user-invocable: false");
  const commands = await at.skills.commands({ agent: at.agent, config: settings(), reserved: ["status"] });
  assert.deepEqual(
    commands.map(({ name }) => name),
    ["a_very_long_name_of_a_skill_that", "a_very_long_name_of_a_skill_th_2", "git_review", "status_2"],
  );
});

/** Waits for what a watcher brings about. */
async function until(is: () => Promise<boolean>): Promise<void> {
  for (let at = 0; at < 200; at += 1) {
    if (await is()) return;
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  assert.fail("it never came");
}
