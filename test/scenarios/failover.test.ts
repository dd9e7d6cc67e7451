/**
 * Providers that fail in every way there is, behind the built gateway: what the person sees, who answers, how often
 * each provider is asked in this turn and the next. The run prints it as a table; times are shown and not judged.
 */
import assert from "node:assert/strict";
import { test } from "node:test";
import { startModelServer } from "../fakes/model-server.ts";
import { makePlace, start } from "../harness/gateway.ts";
import type { Overlay } from "../harness/gateway.ts";
import { lastAsked } from "./_bad.ts";
import { ENV, MODEL, say } from "./_failover.ts";
import { CASES } from "./_failures.ts";
import type { Case } from "./_failures.ts";

const AT_ONCE = 4;

interface Row {
  readonly one: Case;
  /** Id of its agent, its provider and its model: nothing is shared with another row. */
  readonly name: string;
  readonly fallbacks: readonly string[];
}

const slug = (id: string): string => id.replace(/[^a-z0-9]+/gi, "-").toLowerCase();

const ROWS: readonly Row[] = CASES.flatMap((one) => [
  { one, name: `${slug(one.id)}-is-backed`, fallbacks: [`spare/for-${slug(one.id)}`] },
  { one, name: `${slug(one.id)}-is-alone`, fallbacks: [] },
]);

function configuration(failing: string, spare: string): Overlay {
  const provider = (baseUrl: string, ids: readonly string[]) => ({
    baseUrl,
    apiKey: "sk-fake",
    api: "openai-completions",
    models: ids.map((id) => ({ ...MODEL, id })),
  });
  const providers = ROWS.map(({ one: { timeoutSeconds }, name }) => [
    name,
    { ...provider(failing, [name]), ...(timeoutSeconds === undefined ? {} : { timeoutSeconds }) },
  ]);
  const spares = provider(spare, ["for-everything", ...CASES.map(({ id }) => `for-${slug(id)}`)]);
  return {
    models: { providers: { ...Object.fromEntries(providers), spare: spares } },
    agents: {
      // `fallbacks: []` of an agent switches these off.
      defaults: { model: { primary: "fake/fake-1", fallbacks: ["spare/for-everything"] } },
      list: [
        { id: "main", default: true },
        ...ROWS.map(({ name, fallbacks }) => ({ id: name, model: { primary: `${name}/${name}`, fallbacks } })),
      ],
    },
  };
}

test("providers that fail: who answers, what people see, who is asked how often", async (t) => {
  const failing = await startModelServer({
    api: "openai-completions",
    script: ({ body }) => CASES.find(({ id }) => String(body["model"]).startsWith(`${slug(id)}-is`))!.reply,
  });
  const spare = await startModelServer({
    api: "openai-completions",
    script: (request) => ({ text: ["answer to ", lastAsked(request).startsWith("[The") ? "it" : lastAsked(request)] }),
  });
  const place = await makePlace(failing.url, configuration(failing.url, spare.url));
  Object.assign(place.env, ENV);
  const gateway = await start(place);
  t.after(async () => {
    await gateway.kill();
    await failing.close();
    await spare.close();
    place.end();
  });
  const asked = (model: string): number =>
    [...failing.requests, ...spare.requests].filter(({ body }) => body["model"] === model).length;

  const table = new Map<Row, Record<string, unknown>>();
  const wrong = await each(ROWS, async (row) => {
    const { one, name, fallbacks } = row;
    const key = `agent:${name}:main`;
    const first = await say(gateway, key, "now?");
    const calls = asked(name);
    const second = await say(gateway, key, "and now?");
    const next = asked(name) - calls;
    const helped = asked(`for-${slug(one.id)}`);
    const saw = [...first.texts, ...(first.error === undefined ? [] : [`⚠️ ${first.error}`])].join(" ⏎ ");
    table.set(row, {
      failure: one.id,
      fallback: fallbacks.length > 0 ? "yes" : "no",
      "answer from": first.error === undefined ? "fallback" : "nobody",
      "person saw": saw.length > 100 ? `${saw.slice(0, 100)}…` : saw,
      ms: first.ms,
      asked: calls,
      "next turn": next,
    });
    const label = `${one.id}, ${fallbacks.length > 0 ? "with" : "without"} a fallback`;
    if (fallbacks.length === 0 || one.reason === undefined) {
      assert.match(first.error ?? "", one.says, label);
      assertCalls([calls, next], fallbacks.length > 0 ? one.withOne : one.alone, label);
      assert.ok(!first.texts.join().includes("Model Fallback"), label);
      if (fallbacks.length > 0) assert.equal(helped, 0, label);
      if (one.shown !== undefined) assert.deepEqual(first.texts, [one.shown], label);
      return;
    }
    const line = `↪️ Model Fallback: ${fallbacks[0]} (selected ${name}/${name}; ${one.reason})`;
    const begun = one.shown === undefined ? "" : `${one.shown} `;
    const words = one.shown === undefined ? "answer to now?" : "answer to it";
    assert.deepEqual([first.texts, first.error], [[begun + words, line], undefined], label);
    assert.equal(second.error, undefined, label);
    assert.equal(second.texts.length, 1, `${label}: the line is not said twice`);
    assertCalls([calls, next], one.withOne, label);
    assert.equal(helped, 2, label);
  });

  const rows = ROWS.map((row) => table.get(row)).filter((row) => row !== undefined);
  const names = Object.keys(rows[0] ?? {});
  t.diagnostic(`| ${names.join(" | ")} |`);
  for (const row of rows) t.diagnostic(`| ${names.map((name) => String(row[name])).join(" | ")} |`);
  assert.deepEqual(wrong, []);
  assert.equal(asked("for-everything"), 0);
});

function assertCalls(seen: readonly number[], expected: readonly (number | undefined)[], label: string): void {
  const told = seen.map((count, at) => (expected[at] === undefined ? undefined : count));
  assert.deepEqual(told, [expected[0], expected[1]], label);
}

/** All of them, a few at a time; returns what was wrong. */
async function each<T>(items: readonly T[], work: (item: T) => Promise<void>): Promise<readonly string[]> {
  const wrong: string[] = [];
  const left = [...items];
  const worker = async (): Promise<void> => {
    for (let item = left.shift(); item !== undefined; item = left.shift())
      await work(item).catch((error: unknown) => void wrong.push((error as Error).message));
  };
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
  return wrong;
}
