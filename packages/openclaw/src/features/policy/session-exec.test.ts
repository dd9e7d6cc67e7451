import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import type { ExecGate } from "./index.ts";
import { EXEC_WORDS, isLooser, sessionGate } from "./session-exec.ts";

const gate = (host: ExecGate["host"], security: ExecGate["security"], ask: ExecGate["ask"]): ExecGate => ({
  host,
  security,
  ask,
  safeBins: [],
});
const shown = ({ host, security, ask }: ExecGate) => `${host} ${security} ${ask}`;
const OPEN = gate("implicit", "allowlist", "on-miss");
const STRICT = gate("gateway", "allowlist", "on-miss");

test("without wishes the gate is what is configured", () => {
  assert.equal(sessionGate(OPEN, {}), OPEN);
  assert.equal(sessionGate(STRICT, { execHost: "auto" }), STRICT);
});

test("any wish brings approvals where there were none", () => {
  assert.equal(shown(sessionGate(OPEN, { execHost: "gateway" })), "gateway allowlist on-miss");
  assert.equal(shown(sessionGate(OPEN, { execAsk: "always" })), "gateway allowlist always");
  assert.equal(shown(sessionGate(OPEN, { execSecurity: "full", execAsk: "off" })), "gateway full off");
});

test("what is configured is only made stricter", () => {
  assert.equal(shown(sessionGate(STRICT, { execSecurity: "full", execAsk: "off" })), shown(STRICT));
  assert.equal(shown(sessionGate(STRICT, { execSecurity: "deny", execAsk: "always" })), "gateway deny always");
  assert.equal(
    shown(sessionGate(gate("sandbox", "allowlist", "off"), { execHost: "gateway" })),
    "sandbox allowlist off",
  );
});

test("a word that is not known counts as the strictest", () => {
  assert.equal(shown(sessionGate(STRICT, { execSecurity: "ful", execAsk: 7 })), "gateway deny always");
  assert.equal(shown(sessionGate(OPEN, { execHost: "moon" })), "sandbox allowlist on-miss");
});

test("no session loosens what is configured", () => {
  const word = <T>(all: readonly T[]) => fc.option(fc.constantFrom(...all), { nil: undefined });
  const gates = fc.record({
    host: fc.constantFrom("gateway" as const, "sandbox" as const, "node" as const),
    security: fc.constantFrom(...EXEC_WORDS.security),
    ask: fc.constantFrom(...EXEC_WORDS.ask),
    safeBins: fc.constant([]),
  });
  const wishes = fc.record({
    execHost: word(EXEC_WORDS.host),
    execSecurity: word(EXEC_WORDS.security),
    execAsk: word(EXEC_WORDS.ask),
  });
  fc.assert(fc.property(gates, wishes, (base, wish) => assert.equal(isLooser(sessionGate(base, wish), base), false)));
});

test("what is taken back is looser", () => {
  assert.equal(isLooser(OPEN, sessionGate(OPEN, { execAsk: "always" })), true);
  assert.equal(isLooser(STRICT, sessionGate(STRICT, { execSecurity: "deny" })), true);
  assert.equal(isLooser(sessionGate(OPEN, { execAsk: "always" }), OPEN), false);
});
