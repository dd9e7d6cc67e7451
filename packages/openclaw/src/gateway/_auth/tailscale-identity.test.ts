import assert from "node:assert/strict";
import { test } from "node:test";
import { tailscaleClaim } from "./tailscale-identity.ts";

const HEADERS = {
  "tailscale-user-login": ["ana@example.com"],
  "x-forwarded-for": ["100.101.102.103"],
  "x-forwarded-proto": ["https"],
  "x-forwarded-host": ["claw.tail0000.ts.net"],
};
const claim = (headers: Record<string, string[]>, remoteAddress = "127.0.0.1") =>
  tailscaleClaim({ headersDistinct: headers, socket: { remoteAddress } });

test("what Serve sends is a claim, over IPv4 and IPv6 loopback", () => {
  const expected = { login: "ana@example.com", address: "100.101.102.103" };
  for (const peer of ["127.0.0.1", "::1", "::ffff:127.0.0.1"]) assert.deepEqual(claim(HEADERS, peer), expected);
});

test("the same from anywhere but this machine is none", () => {
  for (const peer of ["100.101.102.103", "192.0.2.1", "::ffff:192.0.2.1", ""])
    assert.equal(claim(HEADERS, peer), undefined, peer);
});

const INCOMPLETE: Readonly<Record<string, Record<string, string[]>>> = {
  "no login": { "tailscale-user-login": [] },
  "a blank login": { "tailscale-user-login": [" "] },
  "two logins": { "tailscale-user-login": ["ana@example.com", "eve@example.com"] },
  "no address": { "x-forwarded-for": [] },
  "an address that is none": { "x-forwarded-for": ["somewhere"] },
  "a chain of addresses": { "x-forwarded-for": ["1.2.3.4, 100.101.102.103"] },
  "an address of this machine": { "x-forwarded-for": ["127.0.0.1"] },
  "no scheme": { "x-forwarded-proto": [] },
  "no host": { "x-forwarded-host": [] },
};
for (const [what, headers] of Object.entries(INCOMPLETE)) {
  test(`${what} is no claim`, () => assert.equal(claim({ ...HEADERS, ...headers }), undefined));
}
