import assert from "node:assert/strict";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { test } from "node:test";
import fc from "fast-check";
import { quietLog as log } from "../../../../test/harness/log.ts";
import { addressKind } from "./address.ts";
import { legalAddresses, legalUrl } from "./egress.ts";
import type { Egress } from "./egress.ts";
import { createFetch } from "./fetch.ts";
import { systemClock } from "./time.ts";

const refused = (error: unknown) => (error as { code?: unknown }).code === "EGRESS_REFUSED";

const FORBIDDEN = [
  "http://127.0.0.1/",
  "http://127.1/",
  "http://2130706433/",
  "http://0x7f000001/",
  "http://0x7f.0.0.1/",
  "http://0177.0.0.1/",
  "http://017700000001/",
  "http://127.0.0.1./",
  "http://①②⑦.0.0.1/",
  "http://0/",
  "http://0.0.0.0/",
  "http://localhost/",
  "http://LOCALHOST./",
  "http://a.localhost/",
  "http://printer.local/",
  "http://db.internal/",
  "http://router.home.arpa/",
  "http://10.0.0.1/",
  "http://10.255.255.255/",
  "http://172.16.0.1/",
  "http://172.31.255.255/",
  "http://192.168.1.1/",
  "http://100.64.0.1/",
  "http://100.127.255.255/",
  "http://169.254.169.254/latest/meta-data/",
  "http://0xa9fea9fe/",
  "http://2852039166/",
  "http://100.100.100.200/",
  "http://192.0.0.1/",
  "http://192.0.2.1/",
  "http://198.18.0.1/",
  "http://198.19.255.255/",
  "http://198.51.100.1/",
  "http://203.0.113.1/",
  "http://224.0.0.1/",
  "http://239.255.255.255/",
  "http://240.0.0.1/",
  "http://255.255.255.255/",
  "http://[::]/",
  "http://[::1]/",
  "http://[0:0:0:0:0:0:0:1]/",
  "http://[::ffff:127.0.0.1]/",
  "http://[::ffff:7f00:1]/",
  "http://[::ffff:8.8.8.8]/",
  "http://[::127.0.0.1]/",
  "http://[::ffff:0:127.0.0.1]/",
  "http://[64:ff9b::7f00:1]/",
  "http://[64:ff9b::8.8.8.8]/",
  "http://[64:ff9b:1::1]/",
  "http://[2002:7f00:1::]/",
  "http://[2002:808:808::]/",
  "http://[2001::1]/",
  "http://[2001:db8::1]/",
  "http://[3fff::1]/",
  "http://[100::1]/",
  "http://[fc00::1]/",
  "http://[fd12:3456::1]/",
  "http://[fd00:ec2::254]/",
  "http://[fe80::1]/",
  "http://[fec0::1]/",
  "http://[ff02::1]/",
  "http://[4000::1]/",
  "http://metadata.google.internal/",
  "http://metadata/",
  "http://user:pass@example.org/",
  "http://user@example.org/",
  "ftp://example.org/",
  "file:///etc/passwd",
  "javascript:alert(1)",
  "gopher://example.org/",
  "data:text/plain,x",
  "http://",
  "//example.org/",
  "example.org",
  "",
];
for (const url of FORBIDDEN) {
  test(`a public request to ${url || "nothing"} is refused`, () => {
    assert.throws(() => legalUrl(url, "public"), refused);
  });
}

for (const url of [
  "http://example.org/",
  "https://example.org:8443/a?b#c",
  "http://8.8.8.8/",
  "http://134744072/",
  "https://[2606:4700::1111]/",
  "http://172.32.0.1/",
  "http://172.15.0.1/",
  "http://100.63.0.1/",
  "http://100.128.0.1/",
  "http://169.253.1.1/",
  "http://localhost.example.org/",
  "http://mylocal/",
  "http://127.0.0.1.example.org/",
  "https://EXAMPLE.org./",
]) {
  test(`a public request to ${url} is legal`, () => {
    assert.ok(legalUrl(url, "public"));
  });
}

test("a configured server may be private, but only exactly itself", () => {
  const ollama: Egress = { origin: "http://127.0.0.1:11434/v1" };
  assert.ok(legalUrl("http://127.0.0.1:11434/v1/chat", ollama));
  for (const url of [
    "http://127.0.0.1:11435/",
    "https://127.0.0.1:11434/",
    "http://localhost:11434/",
    "http://127.0.0.1:11434@evil.org/",
    "http://evil.org/",
  ]) {
    assert.throws(() => legalUrl(url, ollama), refused, url);
  }
  for (const origin of [
    "http://localhost:1234",
    "http://[::1]:1234",
    "http://10.1.2.3",
    "http://nas.local",
    "https://api.example.org",
  ]) {
    assert.ok(legalUrl(`${origin}/x`, { origin }), origin);
  }
});

test("link-local and metadata addresses are refused even as configured servers", () => {
  for (const origin of [
    "http://169.254.169.254",
    "http://169.254.0.1",
    "http://[fe80::1]",
    "http://[fd00:ec2::254]",
    "http://[::ffff:169.254.169.254]",
    "http://[64:ff9b::169.254.169.254]",
    "http://[2002:a9fe:a9fe::]",
    "http://metadata.google.internal",
    "http://100.100.100.200",
    "http://2852039166",
  ]) {
    assert.throws(() => legalUrl(`${origin}/x`, { origin }), refused, origin);
  }
});

// A fake resolver: every name has the addresses that the test says.
const names = (table: Record<string, string[]>) => async (host: string) =>
  (table[host] ?? []).map((address) => ({ address, family: address.includes(":") ? 6 : 4 }));

test("of a name's addresses only the legal ones are used, and without one the request is refused", async () => {
  const resolve = names({
    mixed: ["127.0.0.1", "8.8.8.8", "::1", "2606:4700::1111"],
    inside: ["10.0.0.1", "::ffff:8.8.8.8"],
    link: ["169.254.169.254"],
    nothing: [],
  });
  assert.deepEqual(
    (await legalAddresses("mixed", "public", resolve)).map(({ address }) => address),
    ["8.8.8.8", "2606:4700::1111"],
  );
  await assert.rejects(legalAddresses("inside", "public", resolve), refused);
  assert.equal((await legalAddresses("inside", { origin: "http://inside" }, resolve)).length, 2);
  await assert.rejects(legalAddresses("link", { origin: "http://link" }, resolve), refused);
  await assert.rejects(legalAddresses("nothing", "public", resolve), refused);
});

test("a public name that points inside is never connected to, also when it does so only the second time", async () => {
  let connections = 0;
  const server = createServer((_, response) => response.end()).on("connection", () => (connections += 1));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  let lookups = 0;
  const fetch = createFetch({
    clock: systemClock,
    log,
    resolve: async () => {
      lookups += 1;
      return [{ address: "127.0.0.1", family: 4 }];
    },
  });
  await assert.rejects(
    fetch(`http://rebind.example:${port}/`, { connectTimeoutMs: 500, maxBytes: 10, egress: "public" }),
    refused,
  );
  assert.deepEqual([connections, lookups], [0, 1]);
  const response = await fetch(`http://rebind.example:${port}/`, {
    connectTimeoutMs: 500,
    maxBytes: 10,
    egress: { origin: `http://rebind.example:${port}` },
  });
  await response.text();
  assert.equal(connections, 1);
  // The kept connection of the configured server is not lent to a public request.
  await assert.rejects(
    fetch(`http://rebind.example:${port}/`, { connectTimeoutMs: 500, maxBytes: 10, egress: "public" }),
    refused,
  );
  assert.equal(connections, 1);
  server.closeAllConnections();
  server.close();
});

test("an IPv4 address means the same in every spelling that URLs know", () => {
  fc.assert(
    fc.property(fc.nat(0xffffffff), (n) => {
      const dotted = [n >>> 24, (n >>> 16) & 255, (n >>> 8) & 255, n & 255].join(".");
      const isPublic = addressKind(dotted) === "public";
      for (const host of [dotted, String(n), `0x${n.toString(16)}`, `0${n.toString(8)}`]) {
        if (isPublic) assert.ok(legalUrl(`http://${host}/`, "public"));
        else assert.throws(() => legalUrl(`http://${host}/`, "public"), refused, host);
      }
      assert.notEqual(addressKind(`::ffff:${dotted}`), "public");
    }),
  );
});
