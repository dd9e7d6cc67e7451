import assert from "node:assert/strict";
import { test } from "node:test";
import { SYSTEM } from "../../../contracts/principal.ts";
import { onceKey, type ToolRequest } from "./tool-call.ts";

const request: ToolRequest = {
  name: "message",
  args: { text: "hello" },
  principal: SYSTEM,
  admin: true,
  signal: new AbortController().signal,
  idempotencyKey: "k1",
};

test("a call with the same key is the same call, of the same caller with the same input", () => {
  assert.equal(onceKey(request), onceKey({ ...request, signal: new AbortController().signal }));
  const others: Partial<ToolRequest>[] = [
    { idempotencyKey: "k2" },
    { name: "session_status" },
    { args: { text: "bye" } },
    { sessionKey: "work" },
    { agentId: "other" },
    { principal: { ...SYSTEM, id: "somebody" } },
  ];
  for (const other of others) assert.notEqual(onceKey({ ...request, ...other }), onceKey(request));
});

test("a call without a key may be repeated", () => {
  assert.equal(onceKey({ ...request, idempotencyKey: undefined }), undefined);
});
