import assert from "node:assert/strict";
import { test } from "node:test";
import type { Endpoint, ModelRequest, ThinkingLevel } from "../../../contracts/model.ts";
import { firstSignMs } from "./request.ts";

const cases: readonly [what: string, endpoint: Partial<Endpoint>, thinking: ThinkingLevel, ms: number][] = [
  ["a model far away", { baseUrl: "https://api.example/v1" }, "off", 30_000],
  ["one that thinks first", { baseUrl: "https://api.example/v1" }, "low", 90_000],
  ["a server on this machine", { baseUrl: "http://127.0.0.1:11434" }, "off", 120_000],
  ["a server in the house", { baseUrl: "http://192.168.1.20:8000/v1" }, "off", 120_000],
  ["one with a name in the house", { baseUrl: "http://gpu.local:8000/v1" }, "off", 120_000],
  ["an address that looks like one in the house", { baseUrl: "https://10.example.com" }, "off", 30_000],
  ["a provider with a time of its own", { baseUrl: "https://api.example", timeoutMs: 300_000 }, "off", 120_000],
];
for (const [what, endpoint, thinking, ms] of cases)
  test(`${what} may be silent for ${ms / 1000} s while others wait`, () => {
    const request = { endpoint, thinking, idleMs: 120_000 } as unknown as ModelRequest;
    assert.equal(firstSignMs(request), ms);
  });
