import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { Fault } from "../../base/errors.ts";
import { agentAction, nameOf, wakeAction, type Body } from "./_action.ts";
import { actionOf, mappingFor, type HooksConfig, type Mapping } from "./_mapping.ts";
import type { HookRequest } from "./_template.ts";

const mapping = (more: Partial<Mapping> = {}): Mapping => ({
  action: "agent",
  wakeMode: "now",
  deliver: false,
  channel: "last",
  ...more,
});
const request = (payload: unknown, path = "x"): HookRequest => ({ payload, headers: {}, query: {}, path, now: "now" });
const config = (mappings: Mapping[], more: object = {}) =>
  ({ mappings, presets: [], ...more }) as unknown as HooksConfig;
const found = (of: HooksConfig, payload: unknown, path: string) => mappingFor(of, request(payload, path))?.id;

test("the first mapping whose path and source both fit counts, the file before presets", () => {
  const all = config(
    [
      mapping({ id: "both", match: { path: "/in/", source: "a" } }),
      mapping({ id: "path", match: { path: "in" } }),
      mapping({ id: "source", match: { source: "b" } }),
    ],
    { presets: ["gmail"] },
  );
  assert.deepEqual(
    [
      found(all, { source: "a" }, "in"),
      found(all, { source: "b" }, "in"),
      found(all, [1], "in"),
      found(all, { source: "b" }, "y"),
      found(all, {}, "gmail"),
      found(all, {}, "y"),
      found(all, JSON.parse('{"__proto__":{"source":"b"}}'), "y"),
    ],
    ["both", "path", "path", "source", "gmail", undefined, undefined],
  );
  assert.equal(found(config([mapping({ id: "all" })], { presets: ["gmail"] }), {}, "gmail"), "all");
});

test("what a transform returns lies over the mapping and counts as chosen by the sender", () => {
  const base = mapping({ sessionKey: "hook:fixed", agentId: "work", messageTemplate: "m", model: "a/b" });
  const plain = actionOf(base, request({}));
  assert.ok(plain.kind === "agent");
  assert.deepEqual(
    [plain.sessionKey, plain.keyChosen, plain.agentChosen, plain.external],
    ["hook:fixed", false, false, true],
  );
  const over = actionOf(base, request({}), { sessionKey: "main", agentId: "other", message: "n", deliver: true });
  assert.ok(over.kind === "agent");
  assert.deepEqual(
    [over.sessionKey, over.keyChosen, over.agentId, over.agentChosen, over.message, over.deliver],
    ["main", true, "other", true, "n", "yes"],
  );
  const wake = actionOf(base, request({}), { kind: "wake", text: "t", mode: "next-heartbeat" });
  assert.deepEqual([wake.kind, wake.kind === "wake" && [wake.text, wake.mode]], ["wake", ["t", "next-heartbeat"]]);
});

test("without a template the text that was sent is taken, else all of it, and nothing is refused", () => {
  const message = (payload: unknown) => {
    const action = actionOf(mapping(), request(payload));
    return action.kind === "agent" ? action.message : undefined;
  };
  assert.equal(message({ message: " hi " }), "hi");
  assert.equal(message({ text: "hi" }), "hi");
  assert.equal(message({ a: 1 }), '{\n  "a": 1\n}');
  for (const empty of [{}, []]) assert.throws(() => message(empty), /message required/);
});

test("a name is one short plain line, whoever chose it", () => {
  assert.equal(nameOf("  CI\n<script>[x]:\u202e "), "CI script x \ufffd");
  assert.equal(nameOf(undefined), "Hook");
  assert.equal(nameOf(" : "), "Hook");
  assert.equal(nameOf("x".repeat(100)).length, 60);
});

test("no body, mapping result or payload gets anything but an action or a refusal", () => {
  const judged = (work: () => unknown) => {
    try {
      work();
    } catch (error) {
      assert.ok(error instanceof Fault && error.status === 400, String(error));
    }
  };
  const body = fc.dictionary(
    fc.constantFrom(
      "message",
      "text",
      "name",
      "agentId",
      "sessionKey",
      "deliver",
      "to",
      "timeoutSeconds",
      "kind",
      "mode",
    ),
    fc.jsonValue(),
  ) as fc.Arbitrary<Body>;
  fc.assert(
    fc.property(body, fc.jsonValue(), (given, payload) => {
      judged(() => agentAction(given));
      judged(() => wakeAction(given));
      judged(() => actionOf(mapping({ messageTemplate: "{{a}} {{payload}}" }), request(payload), given));
    }),
  );
});
