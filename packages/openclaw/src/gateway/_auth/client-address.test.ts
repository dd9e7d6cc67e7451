import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { addressMatcher, bucketOf, clientAddress, isLoopback, type ProxyRules } from "./client-address.ts";

const rules: ProxyRules = {
  trusts: addressMatcher(["10.0.0.1", "192.168.0.0/16", "127.0.0.1"]),
  realIpFallback: false,
  self: ["100.64.0.9"],
};

const TABLE: readonly (readonly [
  what: string,
  peer: string,
  headers: Record<string, string>,
  expected: [string, boolean, string],
])[] = [
  ["a program on this machine", "127.0.0.1", {}, ["127.0.0.1", true, "none"]],
  ["the same over IPv6", "::1", {}, ["::1", true, "none"]],
  ["the same over a dual-stack socket", "::ffff:127.0.0.1", {}, ["127.0.0.1", true, "none"]],
  ["this machine's own tailnet address", "100.64.0.9", {}, ["100.64.0.9", true, "none"]],
  ["another tailnet address", "100.64.0.10", {}, ["100.64.0.10", false, "none"]],
  ["a stranger", "203.0.113.1", {}, ["203.0.113.1", false, "none"]],
  [
    "a stranger who claims to be local",
    "203.0.113.1",
    { "x-forwarded-for": "127.0.0.1" },
    ["203.0.113.1", false, "untrusted"],
  ],
  ["a trusted proxy", "10.0.0.1", { "x-forwarded-for": "203.0.113.1" }, ["203.0.113.1", false, "trusted"]],
  [
    "a chain of trusted proxies",
    "10.0.0.1",
    { "x-forwarded-for": "203.0.113.1, 192.168.3.4" },
    ["203.0.113.1", false, "trusted"],
  ],
  [
    "a forged start of the chain",
    "10.0.0.1",
    { "x-forwarded-for": "127.0.0.1, 203.0.113.1" },
    ["203.0.113.1", false, "trusted"],
  ],
  ["a port in the chain", "10.0.0.1", { "x-forwarded-for": "203.0.113.1:5000" }, ["203.0.113.1", false, "trusted"]],
  ["an IPv6 client", "10.0.0.1", { "x-forwarded-for": "[2001:db8::1]:5000" }, ["2001:db8::1", false, "trusted"]],
  [
    "a chain that ends on this machine",
    "127.0.0.1",
    { "x-forwarded-for": "127.0.0.1" },
    ["127.0.0.1", false, "broken"],
  ],
  ["a proxy that names nobody", "127.0.0.1", { "x-forwarded-proto": "https" }, ["127.0.0.1", false, "broken"]],
  ["garbage in the chain", "10.0.0.1", { "x-forwarded-for": "what, ever" }, ["10.0.0.1", false, "broken"]],
  ["a real address that is not believed", "10.0.0.1", { "x-real-ip": "203.0.113.1" }, ["10.0.0.1", false, "broken"]],
  ["a Tailscale header on this machine", "127.0.0.1", { "tailscale-user-login": "a" }, ["127.0.0.1", false, "broken"]],
];
for (const [what, peer, headers, [address, local, forwarding]] of TABLE) {
  test(`${what} is ${address}, ${local ? "local" : "not local"}`, () => {
    assert.deepEqual(clientAddress(peer, headers, rules), { address, local, forwarding });
  });
}

test("X-Real-IP counts where the owner says so", () => {
  const believing = { ...rules, realIpFallback: true };
  assert.equal(clientAddress("10.0.0.1", { "x-real-ip": "203.0.113.1" }, believing).address, "203.0.113.1");
});

test("no header ever makes a client local", () => {
  const header = fc.constantFrom(
    "forwarded",
    "x-forwarded-for",
    "x-forwarded-proto",
    "x-forwarded-host",
    "x-real-ip",
    "tailscale-user-login",
  );
  const value = fc.oneof(fc.ipV4(), fc.constantFrom("127.0.0.1", "::1", "localhost", "for=127.0.0.1"), fc.string());
  const peer = fc.oneof(fc.ipV4(), fc.constantFrom("127.0.0.1", "10.0.0.1", "100.64.0.9"));
  fc.assert(
    fc.property(peer, header, value, (from, name, text) => !clientAddress(from, { [name]: text }, rules).local),
  );
});

test("an IPv6 client counts as its whole network, an IPv4 client as itself", () => {
  assert.equal(bucketOf("2001:db8:1:2:3:4:5:6"), bucketOf("2001:db8:1:2::9"));
  assert.notEqual(bucketOf("2001:db8:1:2::9"), bucketOf("2001:db8:1:3::9"));
  assert.equal(bucketOf("203.0.113.1"), "203.0.113.1");
});

test("entries that are no address match nothing", () => {
  const matches = addressMatcher(["", "*", "0.0.0.0/99", "example.com", "10.0.0.0/8"]);
  fc.assert(fc.property(fc.ipV4(), (address) => matches(address) === address.startsWith("10.")));
  assert.ok(isLoopback("127.8.9.1") && !isLoopback("127.0.0.1.example"));
});
