import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { ConfigSnapshot } from "../contracts/config.ts";
import { usedWindow } from "./_window.ts";

const under = (contextTokens?: number) =>
  ({ at: (path: string) => (path === "agents.defaults.contextTokens" ? contextTokens : undefined) }) as ConfigSnapshot;

describe("the part of a window that is used", () => {
  const cases: [
    what: string,
    model: { contextWindow: number; budget?: number },
    all: number | undefined,
    used: number,
  ][] = [
    ["a small window as a whole", { contextWindow: 32_000 }, undefined, 32_000],
    ["200,000 of a window of millions", { contextWindow: 2_000_000 }, undefined, 200_000],
    ["what is said for all models", { contextWindow: 2_000_000 }, 1_000_000, 1_000_000],
    ["what is said of this one", { contextWindow: 2_000_000, budget: 600_000 }, undefined, 600_000],
    ["the smaller of the two", { contextWindow: 2_000_000, budget: 600_000 }, 100_000, 100_000],
    ["never more than there is", { contextWindow: 8000, budget: 600_000 }, 1_000_000, 8000],
  ];
  for (const [what, model, all, used] of cases)
    it(`is ${what}`, () => assert.equal(usedWindow(model, under(all)), used));
});
