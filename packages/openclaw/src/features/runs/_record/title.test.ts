import assert from "node:assert/strict";
import { test } from "node:test";
import { titleFrom } from "./title.ts";

test("a conversation is called by its first words, not by the files that came with them", () => {
  const note = "[media attached: media/inbound/tide table (2).pdf (application/pdf, 18 bytes)]";
  assert.equal(titleFrom(`${note}\n[media omitted: it is too large]\nWhen is low water?\nToday`), "When is low water?");
  assert.equal(titleFrom(note), "tide table (2).pdf");
  assert.equal(titleFrom("[media attached: media://inbound/1b2c (image/png, 1 KB)]"), undefined);
  assert.equal(titleFrom("What is [media attached: x]?"), "What is [media attached: x]?");
  assert.equal(titleFrom(""), undefined);
});
