import assert from "node:assert/strict";
import { test } from "node:test";
import { systemClock } from "../../../base/time.ts";
import { NO_USAGE } from "../../../contracts/message.ts";
import type { Message } from "../../../contracts/message.ts";
import type { Endpoint, ModelEvent, ModelFailure, ModelRequest } from "../../../contracts/model.ts";
import { Writer } from "./model.ts";
import { summarise } from "./summarise.ts";
import type { SummaryQuestion } from "./summarise.ts";

const GOOD = "## Goal\nTo finish the report.\n\n## Next\nWrite the last chapter of it.";
type Script = (text: string, nth: number) => string | Partial<ModelFailure>;

/** A model that answers as the script says; a fake. */
function writer(script: Script, { signal = new AbortController().signal, models = 1 } = {}) {
  const asked: ModelRequest[] = [];
  const stream = async function* (request: ModelRequest): AsyncGenerator<ModelEvent> {
    asked.push(request);
    const text = String(request.messages[0]?.content);
    const said = script(text, asked.length);
    const message = {
      role: "assistant",
      content: typeof said === "string" ? [{ type: "text" as const, text: said }] : [],
      timestamp: 1,
      api: "a",
      provider: request.endpoint.provider,
      model: "m",
      usage: { ...NO_USAGE, input: 10, output: 5, totalTokens: 15 },
      stopReason: "stop",
    } as const;
    if (typeof said === "string") yield { type: "done", reason: "stop", message };
    else yield { type: "error", failure: { class: "unknown", message: "broken", ...said }, partial: message };
  };
  const candidates = Array.from({ length: models }, (_, i) => ({
    provider: `p${i}`,
    model: { id: "m", contextWindow: 16_000, maxTokens: 4000 },
  })) as unknown as Endpoint[];
  const clock = { ...systemClock, sleep: async () => {} };
  return { asked, writer: new Writer({ models: { stream }, clock }, { candidates, cacheKey: "s", signal }) };
}

const user = (text: string): Message => ({ role: "user", content: text, timestamp: 1 });
const question = (over: Partial<SummaryQuestion> = {}, settings: object = {}): SummaryQuestion => ({
  history: [user("write the report in docs/report.md")],
  begun: [],
  facts: {},
  settings: {
    mode: "default",
    identifierPolicy: "strict",
    qualityRetries: 0,
    ...settings,
  } as SummaryQuestion["settings"],
  window: 16_000,
  prose: (name) => `<${name}>`,
  ...over,
});

test("the record so far is read again with the conversation, without what rules had added to it", async () => {
  const { asked, writer: one } = writer(() => GOOD);
  const first = await summarise(one, question());
  assert.match(first.summary, /### Identifiers that were named\n- docs\/report\.md/);
  await summarise(one, question({ previous: first.summary }));
  const told = String(asked[1]?.messages[0]?.content);
  assert.match(told, /<record>\n## Goal/);
  assert.doesNotMatch(told, /Identifiers that were named/);
});

test("an identifier that the model kept is not added", async () => {
  const { writer: one } = writer(() => `${GOOD}\nIt stands in docs/report.md.`);
  assert.doesNotMatch((await summarise(one, question())).summary, /Identifiers/);
});

test("identifierPolicy: strict tells the rule, custom another, off none and adds nothing", async () => {
  const systemWith = async (settings: object) => {
    const { asked, writer: one } = writer(() => GOOD);
    const { summary } = await summarise(one, question({}, settings));
    return { system: asked[0]?.system[0]?.text ?? "", summary };
  };
  assert.match((await systemWith({})).system, /<identifiers>/);
  const custom = await systemWith({ identifierPolicy: "custom", identifierInstructions: "keep order numbers" });
  assert.match(custom.system, /keep order numbers/);
  assert.doesNotMatch(custom.system, /<identifiers>/);
  const off = await systemWith({ identifierPolicy: "off" });
  assert.doesNotMatch(off.system + off.summary, /<identifiers>|docs\/report/);
});

test("a turn that goes on is told by itself, with what was asked in it word for word", async () => {
  const { asked, writer: one } = writer((text) => (text.includes("<turn>") ? "It read two files." : GOOD));
  const begun = [user("now the tables\nand the index"), user("quickly")];
  const { summary } = await summarise(one, question({ begun }));
  assert.equal(asked.length, 2);
  assert.match(summary, /## Request under way\n\n> now the tables\n> and the index\n\nIt read two files\./);
});

test("what does not fit at once is told in pieces that become one record", async () => {
  const { asked, writer: one } = writer((text) => (text.includes("<part-1>") ? `${GOOD} merged` : GOOD));
  const history = Array.from({ length: 30 }, (_, i) => user(`${i} ${"word ".repeat(1000)}`));
  const { summary } = await summarise(one, question({ history }));
  assert.match(summary, /merged/);
  assert.ok(asked.length > 3);
  for (const { messages } of asked) assert.ok(String(messages[0]?.content).length / 4 < 16_000);
});

test("safeguard tells smaller pieces", async () => {
  const count = async (mode: string) => {
    const { asked, writer: one } = writer(() => GOOD);
    await summarise(one, question({ history: Array.from({ length: 8 }, () => user("word ".repeat(900))) }, { mode }));
    return asked.length;
  };
  assert.equal(await count("default"), 1);
  assert.ok((await count("safeguard")) > 1);
});

test("a model that takes a piece for too long gets half of it", async () => {
  const { asked, writer: one } = writer((text) => (text.length > 12_000 ? { class: "context_overflow" } : GOOD));
  await summarise(one, question({ history: Array.from({ length: 12 }, () => user("word ".repeat(400))) }));
  assert.ok(asked.length > 2);
});

test("a bad record is written again and told why; the best attempt holds", async () => {
  const { asked, writer: one } = writer((_, nth) =>
    nth === 1 ? "I'm sorry, I cannot do that for you, whoever asks." : GOOD,
  );
  const { summary } = await summarise(one, question({}, { qualityRetries: 1 }));
  assert.match(summary, /To finish the report/);
  assert.match(String(asked[1]?.messages[0]?.content), /An earlier attempt was refused: it was a refusal/);
});

test("another model writes when the first cannot", async () => {
  const { asked, writer: one } = writer((_, nth) => (nth === 1 ? { class: "auth" } : GOOD), { models: 2 });
  await summarise(one, question());
  assert.deepEqual(
    asked.map(({ endpoint }) => endpoint.provider),
    ["p0", "p1"],
  );
});

test("when no model can, the default gives up and safeguard puts a record together by rule", async () => {
  const broken: Script = () => ({ class: "auth", message: "no key" });
  await assert.rejects(summarise(writer(broken).writer, question()), { code: "COMPACTION_FAILED" });
  const { summary, minimal } = await summarise(
    writer(broken).writer,
    question({ previous: "## Goal\nold" }, { mode: "safeguard" }),
  );
  assert.equal(minimal, true);
  assert.match(summary, /## Goal\nold[\s\S]*- write the report in docs\/report\.md/);
});

test("who stops it gets no record by rule", async () => {
  const stop = new AbortController();
  const { writer: one } = writer(() => (stop.abort(new Error("stopped")), { class: "abort" }), { signal: stop.signal });
  await assert.rejects(summarise(one, question({}, { mode: "safeguard" })), /stopped/);
});
