import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { OutputRing } from "./_output.ts";

const ring = (capacity: number, ...pieces: (string | Buffer)[]) => {
  const output = new OutputRing(capacity);
  for (const piece of pieces) output.append(Buffer.from(piece as string));
  return output;
};

describe("the output of a command", () => {
  it("keeps the newest bytes and counts all", () => {
    const output = ring(4, "ab", "cdef", "g");
    assert.equal(output.text(), "defg");
    assert.deepEqual([output.total, output.dropped], [7, 3]);
  });

  it("keeps exactly the end of whatever is printed, in whatever pieces", () => {
    const pieces = fc.array(fc.string({ unit: fc.constantFrom("a", "b", "c", "\n"), maxLength: 30 }), {
      maxLength: 30,
    });
    fc.assert(
      fc.property(pieces, fc.integer({ min: 1, max: 20_000 }), (all, capacity) => {
        const whole = all.join("");
        const output = ring(capacity, ...all);
        assert.equal(output.text(), whole.slice(Math.max(0, whole.length - capacity)));
        assert.equal(output.total, whole.length);
      }),
    );
  });

  it("drains each byte once, torn characters included", () => {
    const text = fc.string({ unit: fc.constantFrom("a", "é", "€", "😀"), maxLength: 40 });
    fc.assert(
      fc.property(text, fc.infiniteStream(fc.integer({ min: 1, max: 5 })), (whole, sizes) => {
        const bytes = Buffer.from(whole);
        const output = new OutputRing(1000);
        let drained = "";
        for (let at = 0; at < bytes.length;) {
          const size = sizes.next().value as number;
          output.append(bytes.subarray(at, at + size));
          drained += output.drain();
          at += size;
        }
        output.end();
        assert.equal(drained + output.drain(), whole);
      }),
    );
  });

  it("says how much a reader missed", () => {
    const output = ring(4, "ab");
    output.drain();
    output.append(Buffer.from("cdefgh"));
    assert.equal(output.drain(), "[… 2 bytes were not kept …]\nefgh");
  });

  it("removes colours, titles and control characters, and turns returns into line breaks", () => {
    assert.equal(
      ring(1000, "\u001b[1;31mred\u001b[0m\u001b]0;title\u0007 a\rb\r\nc\u0007\u009b").text(),
      "red a\nb\nc",
    );
  });

  it("shows what is no text by its size", () => {
    assert.equal(ring(1000, Buffer.alloc(300)).text(), "[300 bytes that are no text]");
  });

  it("takes a hundred megabytes in small memory", () => {
    const output = new OutputRing(1024 * 1024);
    const chunk = Buffer.alloc(64 * 1024, "x");
    const before = process.memoryUsage();
    for (let i = 0; i < 1600; i += 1) output.append(chunk);
    const after = process.memoryUsage();
    assert.ok(after.arrayBuffers + after.heapUsed - before.arrayBuffers - before.heapUsed < 2e7);
    assert.equal(output.total, 1600 * chunk.length);
  });
});
