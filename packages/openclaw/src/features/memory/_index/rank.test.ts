import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { decay, rank } from "./rank.ts";
import type { Candidate, RankOptions } from "./rank.ts";

const NOW = Date.UTC(2026, 10, 21, 12);
const options: RankOptions = {
  weights: { vector: 0.7, text: 0.3 },
  now: NOW,
  maxResults: 6,
  minScore: 0,
  strict: true,
};

const candidates = fc.uniqueArray(
  fc.record({
    id: fc.integer({ min: 1, max: 1000 }),
    path: fc.constantFrom("MEMORY.md", "memory/2026-11-01.md", "memory/2026-04-03-dentist.md", "memory/people.md"),
    text: fc.constantFrom("a b c", "a b d", "x y", ""),
    likeness: fc.option(
      fc.integer({ min: -1000, max: 1000 }).map((n) => n / 1000),
      { nil: undefined },
    ),
    place: fc.option(fc.integer({ min: 0, max: 30 }), { nil: undefined }),
  }),
  { selector: ({ id }) => id, maxLength: 40 },
) as fc.Arbitrary<Candidate[]>;

test("the order is that of a slow and plain computation", () => {
  fc.assert(
    fc.property(candidates, fc.constantFrom(0, 0.3, 0.7, 1), fc.constantFrom(0, 0.3, 0.7, 1), (all, vector, text) => {
      const slow = all
        .map((one) => ({ score: plainScore(one, vector, text) }))
        .toSorted((a, b) => b.score - a.score)
        .slice(0, 6);
      const found = rank(all, { ...options, weights: { vector, text } });
      assert.equal(found.length, slow.length);
      for (const [at, { candidate, score }] of found.entries()) {
        assert.ok(Math.abs(score - plainScore(candidate, vector, text)) < 1e-9);
        assert.ok(Math.abs(score - (slow[at]?.score ?? Number.NaN)) < 1e-9);
      }
    }),
  );
});

function plainScore({ likeness, place }: Candidate, vector: number, text: number): number {
  const words = place === undefined ? 0 : 1 / (1 + place);
  if (likeness === undefined || vector + text === 0) return words;
  return (vector * Math.max(0, likeness) + text * words) / (vector + text);
}

test("results are at most as many as asked for and no worse than asked for", () => {
  fc.assert(
    fc.property(
      candidates,
      fc.integer({ min: 1, max: 8 }),
      fc.double({ min: 0, max: 1, noNaN: true }),
      (all, maxResults, minScore) => {
        const found = rank(all, { ...options, maxResults, minScore });
        assert.ok(found.length <= maxResults);
        for (const { score } of found) assert.ok(score >= minScore);
      },
    ),
  );
});

test("what words alone found is not measured by the usual least score, only by one that was asked for", () => {
  const all = [0, 1, 2, 3].map((place) => ({ id: place, path: "memory/a.md", text: "", place }));
  assert.equal(rank(all, { ...options, minScore: 0.35, strict: false }).length, 4);
  assert.equal(rank(all, { ...options, minScore: 0.35, strict: true }).length, 2);
});

test("words still find something when nothing is like enough", () => {
  const unlike = { id: 1, path: "memory/a.md", text: "", likeness: 0.05 };
  const named = { ...unlike, id: 2, place: 0 };
  const found = rank([unlike, named], { ...options, minScore: 0.35, strict: false });
  assert.deepEqual(
    found.map(({ candidate }) => candidate.id),
    [2],
  );
});

test("only dated daily notes lose weight with age", () => {
  assert.equal(decay("memory/2026-10-22.md", 30, NOW), 0.5);
  assert.equal(decay("memory/2026/2026-09-22-trip.md", 30, NOW), 0.25);
  assert.equal(decay("memory/2027-01-01.md", 30, NOW), 1);
  for (const path of ["MEMORY.md", "memory/people.md", "sessions/2026-10-22.jsonl", "/notes/2026-10-22.md"])
    assert.equal(decay(path, 30, NOW), 1, path);
});

test("variety puts something else before the same again", () => {
  const all = [
    { id: 1, path: "a.md", text: "rex the dog eats bones", place: 0 },
    { id: 2, path: "b.md", text: "rex the dog eats bones today", place: 1 },
    { id: 3, path: "c.md", text: "the garage called", place: 2 },
  ];
  const ids = (lambda?: number) =>
    rank(all, { ...options, ...(lambda === undefined ? {} : { lambda }) }).map(({ candidate }) => candidate.id);
  assert.deepEqual(ids(), [1, 2, 3]);
  assert.deepEqual(ids(0.3), [1, 3, 2]);
  assert.deepEqual(ids(1), [1, 2, 3]);
});
