import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { DirectionStream, takeDirections } from "./_directives.ts";

const texts: readonly [given: string, text: string, media: readonly string[]][] = [
  ["Here it is.\nMEDIA:/tmp/a.png\nEnjoy.", "Here it is.\nEnjoy.", ["/tmp/a.png"]],
  ["MEDIA: `./my file.pdf`", "", ["./my file.pdf"]],
  ['`MEDIA:"a b.png"`', "", ["a b.png"]],
  ["MEDIA:https://e.example/a.jpg\nMEDIA:b.png", "", ["https://e.example/a.jpg", "b.png"]],
  ["see MEDIA:/tmp/a.png", "see MEDIA:/tmp/a.png", []],
  ["```\nMEDIA:/tmp/a.png\n[[reply_to_current]]\n```", "```\nMEDIA:/tmp/a.png\n[[reply_to_current]]\n```", []],
  ["MEDIA:", "MEDIA:", []],
  ["MEDIATE", "MEDIATE", []],
  ["one\r\nMEDIA:a.png\r\ntwo", "one\r\ntwo", ["a.png"]],
  ["[[tts:voice=x]]hi [[tts:text]]said\nonly[[/tts:text]] there", "hi  there", []],
  ['a [embed ref="c1"] b', "a  b", []],
  ["an [[ordinary]] link [x](y) and [e", "an [[ordinary]] link [x](y) and [e", []],
];
for (const [given, text, media] of texts)
  test(`${JSON.stringify(given)} reads ${JSON.stringify(text)}`, () => {
    const taken = takeDirections(given);
    assert.deepEqual([taken.text, taken.media], [text, media]);
  });

test("the first reply tag holds, and sound may be asked for as a voice note", () => {
  const { text, replyTo, asVoice } = takeDirections("[[ reply_to: 9 ]] hi [[reply_to_current]] [[audio_as_voice]]");
  assert.deepEqual([text, replyTo, asVoice], ["hi", { id: "9" }, true]);
});

test("however a text is cut, the same is read and found", () => {
  const piece = fc.constantFrom(
    "word ",
    "\n",
    "\n\n",
    "MEDIA:",
    "MEDIA:a b.png\n",
    "```",
    "~~~",
    "[[",
    "]]",
    "[[reply_to_current]]",
    "[[reply_to:7]]",
    '[embed ref="x"]',
    "[[tts:text]]",
    "[[/tts:text]]",
    "[",
    "`",
    "[e",
  );
  const bare = (text: string) => text.replace(/\s/g, "");
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 14 }), fc.array(fc.nat(150), { maxLength: 12 }), (pieces, cuts) => {
      const text = pieces.join("");
      const stream = new DirectionStream();
      let shown = "";
      let from = 0;
      for (const at of [...cuts.map((c) => c % (text.length + 1)), text.length].sort((a, b) => a - b)) {
        shown += stream.push(text.slice(from, at));
        from = at;
      }
      shown += stream.end();
      const { text: whole, ...found } = takeDirections(text);
      assert.deepEqual([bare(shown), stream.found()], [bare(whole), found], JSON.stringify(text));
    }),
    { numRuns: 1000 },
  );
});

test("a text full of beginnings of tags is read in no time", () => {
  assert.equal(takeDirections("[[reply_to:".repeat(30_000)).media.length, 0);
});

for (const text of [" ".repeat(400_000), `\`\`\`\n${"\t".repeat(400_000)}x`, `MEDIA:a${" ".repeat(400_000)}b`])
  test(`a line of ${text.length} characters is gone through once: ${JSON.stringify(text.slice(0, 8))}`, () => {
    const stream = new DirectionStream();
    let shown = "";
    for (let at = 0; at < text.length; at += 10_000) shown += stream.push(text.slice(at, at + 10_000));
    assert.equal((shown + stream.end()).trim(), text.trim());
    assert.deepEqual(takeDirections(text).media, []);
  });
