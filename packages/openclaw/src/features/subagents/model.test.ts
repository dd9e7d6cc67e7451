import assert from "node:assert/strict";
import { test } from "node:test";
import type { ModelsService } from "../../models/index.ts";
import type { Agent } from "../agents/index.ts";
import type { ConfigSnapshot } from "../config/index.ts";
import { chooseModel } from "./_model.ts";
import type { Wish } from "./_model.ts";

/** A fake catalogue with the models p/a, p/b and p/own. */
const models = {
  defaultRef: () => "p/own",
  resolve: async (ref: string) => {
    const id = /^p\/(a|b|own)$/.exec(ref)?.[1];
    if (id === undefined) throw new Error(`Unknown model: ${ref}`);
    return { provider: "p", model: { id } };
  },
} as unknown as Pick<ModelsService, "resolve" | "defaultRef">;
const agent = { model: { primary: "p/own", fallbacks: [] } } as unknown as Agent;
const override = (modelOverride: string, ...modelFallbacks: string[]) => ({
  providerOverride: "p",
  modelOverride,
  ...(modelFallbacks.length > 0 ? { modelFallbacks } : {}),
});

const table: readonly [string, readonly (Wish | string | undefined)[], string, object | undefined][] = [
  [
    "the one asked for goes first, and stands alone",
    ["p/a", { primary: "p/b", fallbacks: ["p/own"] }],
    "p/a",
    override("a"),
  ],
  [
    "the configured one keeps what takes over from it",
    [undefined, { primary: "p/b", fallbacks: ["p/a"] }],
    "p/b",
    override("b", "p/a"),
  ],
  [
    "a configured one that cannot be used takes its fallbacks along",
    [{ primary: "p/x", fallbacks: ["p/a"] }, "p/b"],
    "p/b",
    override("b"),
  ],
  ["the agent's own needs no word", ["p/own"], "p/own", undefined],
  [
    "the agent's own with fallbacks for helpers has those",
    [{ primary: "p/own", fallbacks: ["p/a"] }],
    "p/own",
    override("own", "p/a"),
  ],
  ["fallbacks without a model are none", [{ fallbacks: ["p/a"] }], "p/own", undefined],
];
for (const [title, wishes, ref, expected] of table)
  test(`models of sub-agents: ${title}`, async () => {
    const choice = await chooseModel(models, {} as ConfigSnapshot, agent, wishes);
    assert.deepEqual([choice.ref, choice.override], [ref, expected]);
  });
