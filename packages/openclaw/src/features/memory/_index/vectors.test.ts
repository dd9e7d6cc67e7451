import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { Codes, centreOf, codeOf, dot, normalised } from "./vectors.ts";

/** Numbers that look random and are the same every time. */
function numbers(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) & 0x7fffffff;
    return state / 0x7fffffff - 0.5;
  };
}

function unit(dimensions: number, next: () => number, near?: Float32Array): Float32Array {
  return normalised(
    Float32Array.from({ length: dimensions }, (_, at) => 1.2 * (near?.[at] ?? 0) + next()),
  ) as Float32Array;
}

test("short forms pick the embeddings that full comparison finds nearest", () => {
  const next = numbers(7);
  const groups = Array.from({ length: 40 }, () => Float32Array.from({ length: 256 }, next));
  const vectors = Array.from({ length: 4000 }, (_, at) => unit(256, next, groups[at % 40]));
  const centre = centreOf(vectors.slice(0, 500));
  const codes = new Codes(256, 10);
  for (const [id, vector] of vectors.entries()) codes.set(id, codeOf(vector, centre));
  let found = 0;
  for (let asked = 0; asked < 20; asked += 1) {
    const question = unit(256, next, groups[asked]);
    const picked = new Set(codes.nearest(question, 320));
    const best = vectors
      .map((vector, id) => ({ id, score: dot(vector, question) }))
      .toSorted((a, b) => b.score - a.score)
      .slice(0, 24);
    found += best.filter(({ id }) => picked.has(id)).length;
  }
  assert.ok(found / (20 * 24) > 0.97, `${found} of 480`);
});

test("adding, replacing and taking away leave what one would expect", () => {
  const change = fc.record({
    id: fc.integer({ min: 0, max: 20 }),
    gone: fc.boolean(),
    seed: fc.integer({ min: 1, max: 1000 }),
  });
  fc.assert(
    fc.property(fc.array(change, { maxLength: 80 }), (changes) => {
      const centre = new Float32Array(16);
      const codes = new Codes(16, 1);
      const model = new Map<number, Uint8Array>();
      for (const { id, gone, seed } of changes) {
        if (gone) codes.delete(id);
        else codes.set(id, codeOf(unit(16, numbers(seed)), centre));
        if (gone) model.delete(id);
        else model.set(id, codeOf(unit(16, numbers(seed)), centre));
      }
      assert.equal(codes.size, model.size);
      const fresh = new Codes(16);
      for (const [id, code] of model) fresh.set(id, code);
      const question = unit(16, numbers(3));
      assert.deepEqual(codes.nearest(question, 100).toSorted(order), fresh.nearest(question, 100).toSorted(order));
      const best = fresh.nearest(question, 1);
      if (model.size > 1) assert.ok(codes.nearest(question, 1).some((id) => best.includes(id)));
    }),
  );
});

test("a vector without length is none", () => {
  assert.equal(normalised([0, 0, 0]), undefined);
  assert.equal(normalised([Number.NaN, 1]), undefined);
  assert.equal(normalised([Number.POSITIVE_INFINITY, 1]), undefined);
});

function order(a: number, b: number): number {
  return a - b;
}
