import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { Type, choice, closed } from "../../../contracts/schema.ts";
import type { Prompt } from "../index.ts";
import { TOOLS, desk, titles, tool, whole } from "./desk.fixture.ts";
import { STEPS } from "./fit.ts";

const NAMES = [
  "browser",
  "cron",
  "memory_get",
  "memory_search",
  "message",
  "sessions_spawn",
  "weather_plugin",
  "web_search",
];
const MANY = [...TOOLS, ...NAMES.map((name) => tool(name, `${name}: ${"what it does ".repeat(60)}`))].sort((a, b) =>
  a.name < b.name ? -1 : 1,
);
const skill = (at: number) => `  <skill><name>skill-${at}</name><description>${"d".repeat(200)}</description></skill>`;
const SKILLS = `<available_skills>\n${Array.from({ length: 20 }, (_, at) => skill(at)).join("\n")}\n</available_skills>`;

async function full(t: Parameters<typeof desk>[0]) {
  const it = await desk(t);
  for (const name of ["AGENTS", "SOUL", "USER", "TOOLS", "IDENTITY"])
    await it.file(`${name}.md`, `${name} ${"x ".repeat(2500)}`);
  return (budget?: number): Promise<Prompt> =>
    it.prompt({ tools: MANY, skills: SKILLS, ...(budget === undefined ? {} : { budget }) });
}

const tokens = ({ system, tools }: Prompt): number =>
  Math.ceil((system.reduce((sum, { text }) => sum + text.length, 0) + JSON.stringify(tools).length) / 4);

test("a prompt that fits is not touched", async (t) => {
  const prompt = await full(t);
  const free = await prompt();
  const wide = await prompt(tokens(free) + 50);
  assert.deepEqual(wide.system, free.system);
  assert.deepEqual(wide.tools, free.tools);
  assert.deepEqual(wide.report.budget?.shortened, []);
});

test("what is taken out is taken out in the stated order, and only as much as it needs", async (t) => {
  const prompt = await full(t);
  const free = tokens(await prompt());
  const order = STEPS.map(({ id }) => id);
  let before: readonly string[] = [];
  for (let budget = free; budget > 500; budget -= Math.ceil(free / 40)) {
    const { report, ...sent } = await prompt(budget);
    const steps = report.budget?.shortened ?? [];
    assert.deepEqual(
      [...steps].sort((a, b) => order.indexOf(a) - order.indexOf(b)),
      steps,
    );
    // A narrower window never gives back a step that a wider one needed.
    assert.ok(
      before.every((step) => steps.includes(step)),
      `${before.join()} then ${steps.join()} at ${budget}`,
    );
    if (steps.at(-1) !== order.at(-1)) assert.ok(tokens({ report, ...sent }) <= budget, `${budget}`);
    before = steps;
  }
  assert.deepEqual(before.includes("tools"), true);
});

test("a narrow window keeps what the assistant works with", async (t) => {
  const prompt = await full(t);
  const small = await prompt(2000);
  assert.deepEqual(
    small.tools.map(({ name }) => name).filter((name) => ["edit", "exec", "read", "write"].includes(name)),
    ["edit", "exec", "read", "write"],
  );
  assert.match(whole(small), /You are a personal assistant/);
  assert.match(whole(small), /### AGENTS\.md\n\nAGENTS/);
  for (const title of ["Tooling", "Safety", "Workspace", "Runtime", "Silent Replies"])
    assert.ok(titles(small).includes(title));
  const dropped = small.report.budget?.droppedTools ?? [];
  assert.deepEqual(
    [...dropped, ...small.tools.map(({ name }) => name)].sort(),
    MANY.map(({ name }) => name),
  );
  assert.ok(dropped.includes("weather_plugin"));
  // The list in words names the tools that are offered and no others.
  for (const name of dropped) assert.doesNotMatch(whole(small), new RegExp(`- ${name}:`));
});

test("short descriptions keep names and types of parameters", async (t) => {
  const it = await desk(t);
  const free = await it.prompt();
  const [edit] = (await it.prompt({ budget: 1 })).tools;
  assert.equal(edit?.description, "Does edit");
  const parameters = edit?.parameters as { properties: { path: object } } | undefined;
  assert.deepEqual(Object.keys(parameters?.properties.path ?? {}), ["type"]);
  assert.ok(free.tools[0]?.description.startsWith("edit does"));
});

test("parameters keep everything but limits of length and what goes without saying, also those with the names of keywords", async (t) => {
  const it = await desk(t);
  const params = closed({
    description: Type.String({ minLength: 1, maxLength: 9, description: "What it is", default: "x" }),
    list: Type.Array(Type.Object({ maxLength: Type.Integer({ minimum: 1 }), least: Type.Integer({ minimum: 5 }) }), {
      maxItems: 3,
    }),
    kind: Type.Optional(choice(["a", "b"])),
  });
  const offer = async (budget?: number) => {
    const [first] = (await it.prompt({ tools: [{ ...tool("read"), params }], ...(budget ? { budget } : {}) })).tools;
    return JSON.parse(JSON.stringify(first?.parameters)) as { required: string[]; properties: Record<string, object> };
  };
  const offered = await offer();
  const { required, properties } = offered;
  assert.deepEqual(required, ["description", "list"]);
  assert.deepEqual(properties["description"], { type: "string", description: "What it is", default: "x" });
  assert.equal("additionalProperties" in offered, false);
  assert.deepEqual(properties["list"], {
    type: "array",
    items: {
      type: "object",
      required: ["maxLength", "least"],
      properties: { maxLength: { type: "integer" }, least: { type: "integer", minimum: 5 } },
    },
  });
  const brief = await offer(1);
  assert.deepEqual(brief.properties["description"], { type: "string" });
  assert.deepEqual(brief.properties["kind"], { type: "string", enum: ["a", "b"] });
});

test("whole skills go, the last first, and how many is told", async (t) => {
  const prompt = await full(t);
  const free = tokens(await prompt());
  const fitted = await prompt(free - 700);
  assert.match(whole(fitted), /<name>skill-0<\/name>/);
  assert.doesNotMatch(whole(fitted), /<name>skill-19<\/name>/);
  assert.match(whole(fitted), /\(\d+ more skills found no room\)/);
  assert.equal(whole(fitted).split("<skill>").length, whole(fitted).split("</skill>").length);
});

test("the same request gives the same bytes, whatever the budget", async (t) => {
  const prompt = await full(t);
  await fc.assert(
    fc.asyncProperty(fc.integer({ min: 1, max: 20_000 }), async (budget) => {
      const [a, b] = [await prompt(budget), await prompt(budget)];
      assert.deepEqual(a.system, b.system);
      assert.equal(JSON.stringify(a.tools), JSON.stringify(b.tools));
    }),
    { numRuns: 60 },
  );
});
