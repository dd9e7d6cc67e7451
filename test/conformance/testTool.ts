/**
 * What every tool must keep, proven with a few calls of it: its declaration, its parameters, its preview,
 * its limits, its end on a stop, and that it goes through the gate.
 *
 *     testTool(read, { params: { path: "a.txt" }, prepare: …, cases: […], refusals: […] });
 */
import assert from "node:assert/strict";
import { describe, it, type TestContext } from "node:test";
import { describeProblems, problems } from "../../packages/openclaw/src/contracts/schema.ts";
import { toolArguments, type Preview, type Tool, type ToolResult } from "../../packages/openclaw/src/contracts/tool.ts";
import { Fault, errorText } from "../../packages/openclaw/src/base/errors.ts";
import { decide, type GateContext } from "../../packages/openclaw/src/features/policy/index.ts";
import { SECRET, toolWorld, type ToolWorld, type WorldOptions } from "./toolWorld.ts";

type Params = Readonly<Record<string, unknown>>;

export interface ToolCase {
  readonly title: string;
  readonly params: Params | ((world: ToolWorld) => Params | Promise<Params>);
  /** What the result says, or the error does when the call fails. */
  readonly says: RegExp;
  readonly fails?: boolean;
  readonly check?: (result: ToolResult, world: ToolWorld) => void | Promise<void>;
}

export interface Refusal {
  readonly title: string;
  readonly params: Params;
  readonly gate: (world: ToolWorld) => Partial<GateContext>;
  /** The rule that refuses or asks. */
  readonly rule: string;
  /** The same call differing in what the rule looks at only; must be allowed. */
  readonly twin: { readonly params?: Params; readonly gate?: (world: ToolWorld) => Partial<GateContext> };
}

export interface ToolTest extends WorldOptions {
  /** A harmless call. */
  readonly params: Params;
  /** What that call would do, exactly. */
  readonly preview: (world: ToolWorld) => Preview;
  readonly prepare?: (world: ToolWorld) => void | Promise<void>;
  readonly cases: readonly ToolCase[];
  /** A call that would take very long, to be stopped. */
  readonly slow?: Params | ((world: ToolWorld) => Params | Promise<Params>);
  readonly refusals: readonly Refusal[];
}

const MAX_TEXT = 16_000;
const MAX_DETAILS = 64 * 1024;
const EFFECTS = ["read", "write", "exec", "network", "send", "spend", "config", "secret", "install"];

export function testTool(tool: Tool, test: ToolTest): void {
  describe(`the tool ${tool.name}`, () => {
    testDeclaration(tool);
    testParams(tool, test);
    testPreview(tool, test);
    for (const each of test.cases) it(each.title, (t) => runCase(t, tool, test, each));
    if (test.slow !== undefined) testStop(tool, test, test.slow);
    testGate(tool, test);
  });
}

function testDeclaration(tool: Tool): void {
  it("is declared so that every model can take it", () => {
    for (const name of [tool.name, ...(tool.aliases ?? [])]) assert.match(name, /^[a-zA-Z0-9_-]{1,64}$/);
    assert.ok(EFFECTS.includes(tool.effect));
    assert.match(tool.summary, /^[^\n]{1,80}$/);
    assert.ok(tool.description.length <= 350, `the description has ${tool.description.length} characters`);
    const schema = tool.params as unknown as Record<string, unknown>;
    assert.equal(schema["type"], "object");
    assert.equal(schema["additionalProperties"], false);
    for (const word of ["anyOf", "oneOf", "allOf", "$ref", "patternProperties"]) assert.ok(!(word in schema), word);
    assert.doesNotMatch(JSON.stringify(schema), /"(?:format|\$ref|oneOf|const)":/);
    const own = Object.keys(schema["properties"] as object);
    for (const [alias, name] of Object.entries(tool.paramAliases ?? {}))
      assert.ok(own.includes(name) && !own.includes(alias));
  });
}

function testParams(tool: Tool, { params }: ToolTest): void {
  const complaints = (given: Params) => describeProblems(problems(tool.params, toolArguments(tool, given)));
  it("takes a harmless call, by its other names too", () => {
    assert.equal(complaints(params), "");
    const other = Object.entries(tool.paramAliases ?? {}).filter(([, name]) => name in params);
    for (const [alias, name] of other) {
      const { [name]: value, ...rest } = params;
      assert.deepEqual(toolArguments(tool, { ...rest, [alias]: value }), params);
    }
  });
  it("names a parameter that is missing, unknown or of the wrong type", () => {
    const { required = [] } = tool.params as unknown as { required?: readonly string[] };
    for (const name of required) {
      const { [name]: _gone, ...rest } = params;
      assert.match(complaints(rest), new RegExp(`'${name}'`));
      assert.match(complaints({ ...params, [name]: { not: "this" } }), new RegExp(name));
    }
    assert.match(complaints({ ...params, noSuchParameter: 1 }), /noSuchParameter/);
  });
}

function testPreview(tool: Tool, test: ToolTest): void {
  it("says exactly what it would do, and does nothing yet", async (t) => {
    const world = await prepared(t, test);
    const spawn = () => Promise.reject(new Error("a preview must not start anything"));
    const context = world.context({ platform: { ...world.platform, spawn } });
    const body = await tool.load();
    const before = await world.snapshot();
    const first = await body.preview(test.params as never, context);
    assert.deepEqual(first, test.preview(world));
    assert.deepEqual(await body.preview(test.params as never, context), first);
    assert.deepEqual(await world.snapshot(), before);
    assert.deepEqual(structuredClone(first), first, "a preview is plain data");
  });
}

async function runCase(t: TestContext, tool: Tool, test: ToolTest, each: ToolCase): Promise<void> {
  const world = await prepared(t, test);
  const params = typeof each.params === "function" ? await each.params(world) : each.params;
  const result = await call(tool, params, world);
  const said = textOf(result);
  assert.match(said, each.says);
  assert.equal(result.isError ?? false, each.fails ?? false, said);
  assertBounded(result, tool.maxResultChars ?? MAX_TEXT);
  await each.check?.(result, world);
}

/** Calls the tool as a run would: arguments checked, previewed, carried out; a thrown error becomes a result. */
export async function call(
  tool: Tool,
  params: Params,
  world: ToolWorld,
  context = world.context(),
): Promise<ToolResult> {
  const args = toolArguments(tool, params);
  const wrong = problems(tool.params, args);
  assert.deepEqual(wrong, [], `the call does not fit the schema: ${describeProblems(wrong)}`);
  try {
    const body = await tool.load();
    await body.preview(args as never, context);
    return await body.run(args as never, context);
  } catch (error) {
    const text = error instanceof Fault ? `${error.message} ${error.remedy}` : errorText(error);
    return {
      content: [{ type: "text", text }],
      isError: true,
      details: { code: error instanceof Fault ? error.code : "UNDECLARED" },
    };
  }
}

export function textOf(result: ToolResult): string {
  return result.content.map((part) => (part.type === "text" ? part.text : `[${part.mimeType}]`)).join("\n");
}

function assertBounded(result: ToolResult, maxChars: number): void {
  const said = textOf(result);
  assert.ok(said.length <= maxChars, `the result has ${said.length} characters`);
  const all = JSON.stringify(result.details ?? null);
  assert.ok(all.length <= MAX_DETAILS, `the details have ${all.length} characters`);
  assert.ok(!said.includes(SECRET) && !all.includes(SECRET), "a secret is in the result");
  assert.doesNotMatch(said, /\n\s+at .+:\d+:\d+/, "a stack trace is in the result");
  assert.notDeepEqual(
    (result.details as { code?: string } | undefined)?.code,
    "UNDECLARED",
    `an undeclared error: ${said}`,
  );
}

function testStop(tool: Tool, test: ToolTest, slow: NonNullable<ToolTest["slow"]>): void {
  it("ends when it is stopped", async (t) => {
    const world = await prepared(t, test);
    const params = typeof slow === "function" ? await slow(world) : slow;
    const stop = new AbortController();
    const work = call(tool, params, world, world.context({ signal: stop.signal }));
    await world.platform.clock.sleep(150);
    stop.abort(new Error("stopped"));
    const result = await work;
    assert.equal(result.isError, true);
  });
}

function testGate(tool: Tool, test: ToolTest): void {
  const judge = async (world: ToolWorld, params: Params, gate: Partial<GateContext> = {}) => {
    const preview = await (await tool.load()).preview(params as never, world.context());
    return decide({ effect: tool.effect, tool: tool.name, preview }, world.gate([tool], gate));
  };
  it("is allowed to owners, refused to strangers and to runs that do not have it", async (t) => {
    const world = await prepared(t, test);
    const stranger = { kind: "person", id: "x", role: "stranger", scopes: [] } as const;
    assert.equal((await judge(world, test.params)).verdict, "allow");
    assert.equal((await judge(world, test.params, { principal: stranger })).rule, "stranger");
    assert.equal((await judge(world, test.params, { tools: new Set() })).rule, "tool-not-allowed");
  });
  for (const { title, params, gate, rule, twin } of test.refusals) {
    it(title, async (t) => {
      const world = await prepared(t, test);
      const verdict = await judge(world, params, gate(world));
      assert.equal(verdict.rule, rule);
      assert.notEqual(verdict.verdict, "allow");
      const harmless = await judge(world, twin.params ?? params, (twin.gate ?? gate)(world));
      assert.equal(harmless.verdict, "allow", `the harmless twin: ${JSON.stringify(harmless)}`);
    });
  }
}

async function prepared(t: TestContext, test: ToolTest): Promise<ToolWorld> {
  const world = await toolWorld(t, test);
  await test.prepare?.(world);
  return world;
}
