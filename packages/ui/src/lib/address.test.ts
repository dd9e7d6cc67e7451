import assert from "node:assert/strict";
import { test } from "node:test";
import { cleanAddress, readAddress } from "./address.ts";

test("the gateway is the server of the page, below its base path", () => {
  const at = (page: string, script: string) => readAddress(page, script).gateway;
  assert.equal(at("http://localhost:18789/", "http://localhost:18789/assets/index-1.js"), "ws://localhost:18789/");
  assert.equal(at("https://host/oc/chat/x", "https://host/oc/assets/index-1.js"), "wss://host/oc/");
});

test("the token is read from the fragment only", () => {
  const script = "http://h/assets/i.js";
  assert.equal(readAddress("http://h/#token=a%2Bb", script).token, "a+b");
  assert.equal(readAddress("http://h/?token=secret", script).token, undefined);
});

test("the cleaned address holds no token, and the conversation", () => {
  assert.equal(cleanAddress("http://h/?x=1#token=abc", "agent:main:main"), "http://h/?x=1&session=agent%3Amain%3Amain");
  assert.equal(cleanAddress("http://h/?token=abc&session=s", undefined), "http://h/");
});
