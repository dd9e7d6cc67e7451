/** A stream means the same however the network cuts it. */
import assert from "node:assert/strict";
import type { it as testIt } from "node:test";
import fc from "fast-check";
import { wireOf } from "../fakes/_wires.ts";
import { assertOrder, collect, delivering, ioWith, requestFor } from "./_dialect-kit.ts";
import type { DialectCase } from "./testDialect.ts";

const ANSWER = {
  thinking: ["Überlegt…"],
  text: ["naïve ", "🐙 résumé"],
  calls: [{ id: "call_1", name: "exec", arguments: '{"command":"echo ß"}' }],
  usage: { input: 5, output: 6 },
};

export function splits(it: typeof testIt, { dialect, server: { api, bytes } }: DialectCase): void {
  const wire = wireOf(api);
  const { contentType } = wire;
  const whole = bytes(api, ANSWER);
  const read = async (pieces: readonly Uint8Array[]) => {
    const io = { ...ioWith(delivering(pieces, contentType)), clock: { ...ioWith().clock, now: () => 0 } };
    const events = await collect(dialect.stream(requestFor(api, "http://127.0.0.1:1"), io));
    assertOrder(events);
    return events;
  };

  it("gives the same events wherever the bytes are cut in two", async () => {
    const expected = await read([whole]);
    assert.equal(expected.at(-1)?.type, "done");
    for (let at = 1; at < whole.length; at += 1) {
      assert.deepEqual(await read([whole.subarray(0, at), whole.subarray(at)]), expected, `cut at byte ${at}`);
    }
  });

  it("gives the same events when every byte comes alone", async () => {
    assert.deepEqual(await read(Array.from(whole, (byte) => Uint8Array.of(byte))), await read([whole]));
  });

  it("keeps every character of any text, however it is cut", async () => {
    const texts = fc.array(fc.string({ unit: "binary", minLength: 1, maxLength: 20 }), { minLength: 1, maxLength: 5 });
    await fc.assert(
      fc.asyncProperty(texts, fc.array(fc.nat(5000), { maxLength: 6 }), async (text, cuts) => {
        const all = bytes(api, { text });
        const places = [0, ...cuts.map((cut) => cut % all.length).toSorted((a, b) => a - b), all.length];
        const events = await read(places.slice(1).map((end, i) => all.subarray(places[i], end)));
        const shown = events.flatMap((event) => (event.type === "text" ? [event.delta] : []));
        assert.deepEqual(
          shown,
          text.map((piece) => piece.toWellFormed()),
        );
      }),
      { numRuns: 50 },
    );
  });

  if (contentType.startsWith("text/event-stream"))
    it("reads CRLF line ends, comments, and a stream without its last line end", async () => {
      const text = new TextDecoder().decode(whole);
      const other = `: welcome\n\n${text.trimEnd()}`.replaceAll("\n", "\r\n");
      assert.deepEqual(await read([new TextEncoder().encode(other)]), await read([whole]));
    });

  if (wire.endless !== undefined)
    it("gives up on an event that never ends", async () => {
      const flood = new Uint8Array(1024 * 1024).fill(97);
      const events = await read([Buffer.from(wire.endless ?? ""), ...Array.from({ length: 10 }, () => flood)]);
      const last = events.at(-1);
      assert.equal(last?.type === "error" && last.failure.class, "server_error");
    });
}
