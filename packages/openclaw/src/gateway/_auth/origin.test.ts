import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { hostAllowed, isPrivateName, judgeOrigin } from "./origin.ts";

const rules = { allowed: ["https://ui.example:8443"], believeHost: false };
const ok = "ok";
const no = "origin not allowed";

const TABLE: readonly (readonly [origin: string | undefined, host: string, local: boolean, verdict: string])[] = [
  [undefined, "127.0.0.1:18789", true, ok],
  ["null", "127.0.0.1:18789", true, no],
  ["http://localhost:5173", "127.0.0.1:18789", true, ok],
  ["http://[::1]:5173", "127.0.0.1:18789", true, ok],
  ["http://localhost:5173", "10.0.0.2:18789", false, no],
  ["http://10.0.0.2:18789", "10.0.0.2:18789", false, ok],
  ["http://box.local:18789", "box.local:18789", false, ok],
  ["https://box.tail1.ts.net", "box.tail1.ts.net", false, ok],
  ["http://10.0.0.3:18789", "10.0.0.2:18789", false, no],
  ["https://public.example", "public.example", false, no],
  ["https://ui.example:8443", "10.0.0.2", false, ok],
  ["https://UI.EXAMPLE:8443", "10.0.0.2", false, ok],
  ["http://ui.example:8443", "10.0.0.2", false, no],
  ["https://ui.example", "10.0.0.2", false, no],
  ["https://ui.example:8443.evil.example", "10.0.0.2", false, no],
  ["http://localhost.evil.example", "127.0.0.1", true, no],
  ["http://127.0.0.1.evil.example", "127.0.0.1", true, no],
  ["http://10.0.0.2.evil.example", "10.0.0.2.evil.example", false, no],
  ["file:///etc/passwd", "127.0.0.1", true, no],
  ["http://evil.example", "evil.example", true, no],
];
for (const [origin, host, local, verdict] of TABLE) {
  test(`a page of ${origin ?? "no origin"} on ${host}, ${local ? "on this machine" : "from elsewhere"}: ${verdict}`, () => {
    assert.equal(judgeOrigin({ origin, host, local, browser: false }, rules), verdict);
  });
}

test("a browser client must name its page", () => {
  for (const origin of [undefined, "null", "no url"]) {
    assert.equal(judgeOrigin({ origin, host: "x", local: true, browser: true }, rules), "origin missing or invalid");
  }
});

test("no public name passes because the Host header repeats it, unless the owner believes that header", () => {
  const name = fc.domain().filter((domain) => !isPrivateName(domain));
  fc.assert(
    fc.property(name, fc.boolean(), (domain, local) => {
      const claim = { origin: `https://${domain}`, host: domain, local, browser: true };
      return judgeOrigin(claim, rules) === no && judgeOrigin(claim, { allowed: [], believeHost: true }) === ok;
    }),
  );
});

test("a star allows any page", () => {
  assert.equal(
    judgeOrigin(
      { origin: "https://evil.example", host: "x", local: false, browser: true },
      { allowed: ["*"], believeHost: false },
    ),
    ok,
  );
});

test("a name that a page was rebound to is refused, the names of this machine are not", () => {
  const origin = "http://evil.example";
  assert.equal(hostAllowed({ host: "evil.example:18789", origin }, rules), false);
  assert.equal(hostAllowed({ host: "evil.example", origin: undefined }, rules), true, "programs may use any name");
  for (const host of ["localhost:18789", "127.0.0.1:18789", "[::1]:18789", "box.local", "ui.example:8443"])
    assert.equal(hostAllowed({ host, origin }, rules), true, host);
  assert.equal(hostAllowed({ host: undefined, origin }, rules), false);
});
