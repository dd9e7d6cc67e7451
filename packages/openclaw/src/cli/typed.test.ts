import assert from "node:assert/strict";
import { test } from "node:test";
import { typedAs } from "./typed.ts";

const NPX = { npm_command: "exec", npm_lifecycle_event: "npx" };
const NO_FLAGS = { dev: false };
const words = ["status", "gateway", "config"];

const TEXTS: readonly (readonly [why: string, options: Parameters<typeof typedAs>[0], text: string, typed: string])[] =
  [
    ["as it is", { flags: NO_FLAGS, env: {}, words }, "Run: openclaw status", "Run: openclaw status"],
    ["with npx", { flags: NO_FLAGS, env: NPX, words }, "Run: openclaw status", "Run: npx openclaw status"],
    [
      "each of several",
      { flags: NO_FLAGS, env: NPX, words },
      "openclaw gateway run, openclaw config get x",
      "npx openclaw gateway run, npx openclaw config get x",
    ],
    [
      "with the profile",
      { flags: { dev: false, profile: "work" }, env: {}, words },
      "openclaw gateway run",
      "openclaw --profile work gateway run",
    ],
    ["with --dev", { flags: { dev: true }, env: NPX, words }, "openclaw status", "npx openclaw --dev status"],
    ["once only", { flags: NO_FLAGS, env: NPX, words }, "npx openclaw status", "npx openclaw status"],
    [
      "no other word",
      { flags: NO_FLAGS, env: NPX, words },
      "openclaw statuses, openclaw is",
      "openclaw statuses, openclaw is",
    ],
    ["no path", { flags: NO_FLAGS, env: NPX, words }, "/usr/bin/openclaw status", "/usr/bin/openclaw status"],
    [
      "another profile that a text names",
      { flags: NO_FLAGS, env: NPX, words },
      "openclaw --profile <name> setup",
      "npx openclaw --profile <name> setup",
    ],
  ];

for (const [why, options, text, typed] of TEXTS)
  test(`commands in a text are written as they are typed here: ${why}`, () => {
    assert.equal(typedAs(options)(text), typed);
  });
