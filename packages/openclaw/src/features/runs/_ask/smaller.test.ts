import assert from "node:assert/strict";
import { test } from "node:test";
import type { Message } from "../../../contracts/message.ts";
import type { ModelRequest } from "../../../contracts/model.ts";
import type { Use } from "../../../contracts/service.ts";
import { withSmallerPictures } from "./smaller.ts";

/** Halves whatever it is given, except `broken`. A fake. */
const use = (async () => ({
  fit: async (data: Uint8Array) => {
    if (Buffer.from(data).toString() === "broken") throw new Error("no picture");
    return { data: data.subarray(0, Math.ceil(data.byteLength / 2)), mimeType: "image/jpeg" };
  },
})) as unknown as Use;

const request = (data: string): ModelRequest => {
  const image = { type: "image" as const, data: Buffer.from(data).toString("base64"), mimeType: "image/png" };
  const asked: Message = { role: "user", content: [{ type: "text", text: "what is it?" }, image], timestamp: 1 };
  return { messages: [asked] } as unknown as ModelRequest;
};

test("pictures that a model finds too large are made smaller", async () => {
  const smaller = await withSmallerPictures({ use }, request("12345678"));
  const content = smaller?.messages[0]?.content as readonly object[];
  assert.deepEqual(content[1], { type: "image", data: Buffer.from("1234").toString("base64"), mimeType: "image/jpeg" });
});

test("one that cannot be made smaller leaves a note", async () => {
  const smaller = await withSmallerPictures({ use }, request("broken"));
  assert.match(JSON.stringify(smaller), /picture left out: the model takes no picture of this size/);
});

test("without pictures there is nothing to do", async () => {
  const asked = { messages: [{ role: "user", content: "hello", timestamp: 1 }] } as unknown as ModelRequest;
  assert.equal(await withSmallerPictures({ use }, asked), undefined);
});
