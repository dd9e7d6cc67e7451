import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { fitted, pixels } from "./_engine/fit.ts";
import type { Abilities, Wishes } from "./_engine/provider.ts";

const ONE: Abilities = { out: 1, images: 0 };

describe("wishes", () => {
  const cases: [
    what: string,
    wishes: Omit<Wishes, "prompt">,
    can: Abilities,
    become: object,
    changed?: string[],
    ignored?: string[],
  ][] = [
    [
      "go through as they are where they can",
      { aspectRatio: "16:9", count: 2 },
      { ...ONE, out: 4, aspectRatios: ["1:1", "16:9"] },
      { aspectRatio: "16:9", count: 2 },
    ],
    [
      "become the nearest shape",
      { aspectRatio: "21:9" },
      { ...ONE, aspectRatios: ["1:1", "16:9"] },
      { aspectRatio: "16:9" },
      ["aspectRatio"],
    ],
    [
      "become the nearest resolution",
      { resolution: "4K" },
      { ...ONE, resolutions: ["1K", "2K"] },
      { resolution: "2K" },
      ["resolution"],
    ],
    [
      "know lines and thousands apart",
      { resolution: "1080p" },
      { ...ONE, resolutions: ["480P", "720P"] },
      { resolution: "720P" },
      ["resolution"],
    ],
    [
      "become the nearest length",
      { durationSeconds: 5 },
      { ...ONE, seconds: [4, 8, 12] },
      { durationSeconds: 4 },
      ["durationSeconds"],
    ],
    [
      "stay within lengths",
      { durationSeconds: 60 },
      { ...ONE, seconds: { min: 1, max: 15 } },
      { durationSeconds: 15 },
      ["durationSeconds"],
    ],
    ["are no more than it makes", { count: 4 }, ONE, { count: 1 }, ["count"]],
    [
      "turn a shape into a size",
      { aspectRatio: "9:16" },
      { ...ONE, sizes: ["1024x1024", "1024x1536"] },
      { size: "1024x1536" },
      ["aspectRatio"],
    ],
    [
      "turn a size into a shape",
      { size: "1920x1080" },
      { ...ONE, aspectRatios: ["1:1", "16:9"] },
      { aspectRatio: "16:9" },
      ["size"],
    ],
    ["round a free size", { size: "1000x1001" }, { ...ONE, sizes: "free" }, { size: "1008x1008" }, ["size"]],
    [
      "are dropped where it has no word for them",
      { quality: "high", background: "opaque", resolution: "2K" },
      { ...ONE, takes: ["quality"] },
      { quality: "high" },
      [],
      ["background", "resolution"],
    ],
    [
      "are dropped when they mean nothing",
      { aspectRatio: "wide" },
      { ...ONE, aspectRatios: ["1:1"] },
      {},
      [],
      ["aspectRatio"],
    ],
  ];
  for (const [what, wishes, can, become, changed = [], dropped = []] of cases)
    it(what, () => {
      const { wishes: made, normalization, ignored } = fitted({ prompt: "a cat", ...wishes }, can);
      assert.deepEqual(made, { prompt: "a cat", ...become });
      assert.deepEqual(
        normalization.map(({ field }) => field),
        changed,
      );
      assert.deepEqual(
        ignored.map(({ key }) => key),
        dropped,
      );
    });

  it("never ask for a size beyond what is made", () =>
    fc.assert(
      fc.property(fc.integer({ min: 10, max: 99_999 }), fc.integer({ min: 10, max: 99_999 }), (width, height) => {
        const { wishes } = fitted({ prompt: "x", size: `${width}x${height}` }, { ...ONE, sizes: "free" });
        const size = pixels(wishes.size ?? "");
        assert.ok(size && size.width % 16 === 0 && size.height % 16 === 0);
        assert.ok(Math.max(size.width, size.height) <= 3840);
        assert.ok(Math.max(size.width, size.height) / Math.min(size.width, size.height) <= 3.2);
      }),
    ));
});
