import { test } from "node:test";
import assert from "node:assert/strict";
import type { ReplyRoute } from "../../contracts/envelope.ts";
import { compose } from "./_compose.ts";

const route: ReplyRoute = {
  address: { channel: "telegram", account: "default", kind: "direct", chat: "7" },
  replyTo: "m1",
};
const whole = (text: string): string[] => [text];
const halves = (text: string): string[] => [text.slice(0, 2), text.slice(2)];

test("each piece has a key of its own that composing again gives again", () => {
  const make = () => compose(["abcd", "ef"], route, { keyPrefix: "run", at: 1, chunk: halves }).map((p) => p.key);
  assert.deepEqual(make(), ["run:0", "run:1", "run:2", "run:3"]);
  assert.deepEqual(make(), make());
});
test("a reply tag is taken out and quotes the message on the first piece only", () => {
  const posts = compose(["[[reply_to_current]] abcd"], route, { keyPrefix: "r", at: 1, chunk: halves });
  assert.deepEqual(
    posts.map((p) => [p.text, p.replyTo]),
    [
      ["ab", "m1"],
      ["cd", undefined],
    ],
  );
});
test("a reply tag with an id quotes that message", () => {
  assert.equal(compose(["hi [[ reply_to: 99 ]]"], route, { keyPrefix: "r", at: 1, chunk: whole })[0]?.replyTo, "99");
});
test("a text that is nothing but tags says nothing", () => {
  assert.deepEqual(compose(["[[reply_to_current]]"], route, { keyPrefix: "r", at: 1, chunk: whole }), []);
});
test("web chat is delivered by its transcript", () => {
  const posts = compose(
    ["hi"],
    { address: { channel: "webchat", account: "default", kind: "direct", chat: "k" } },
    { keyPrefix: "r", at: 1, chunk: whole },
  );
  assert.equal(posts[0]?.delivered, true);
});
test("a text full of beginnings of tags is composed in no time", () => {
  const started = performance.now();
  compose(["[[reply_to:".repeat(30_000)], route, { keyPrefix: "r", at: 1, chunk: whole });
  assert.ok(performance.now() - started < 1000);
});
test("what is to be read to the letter keeps what looks like a tag", () => {
  const text = "run [[reply_to:$(reboot)]] now";
  const of = (literal?: true) =>
    compose([text], route, { keyPrefix: "r", at: 1, chunk: whole, ...(literal ? { literal } : {}) })[0]?.text;
  assert.deepEqual([of(true), of()], [text, "run  now"]);
});
