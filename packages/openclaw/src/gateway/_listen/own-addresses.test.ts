import assert from "node:assert/strict";
import type { NetworkInterfaceInfo } from "node:os";
import { test } from "node:test";
import { ownAddresses } from "./bind.ts";

const on = (...addresses: string[]) => {
  const seen = addresses.map((address) => ({
    address,
    family: address.includes(":") ? "IPv6" : "IPv4",
    internal: address === "::1" || address.startsWith("127."),
  }));
  return ownAddresses({ any: seen as NetworkInterfaceInfo[] });
};

test("addresses of a tailnet are told from those of other private networks", () => {
  const inside = ["100.64.0.1", "100.99.1.2", "100.127.255.254", "fd7a:115c:a1e0::1", "fd7a:115c:a1e0:ab12::7"];
  const outside = ["100.63.255.254", "100.128.0.1", "10.100.64.1", "192.168.1.5", "fd7a:115c:a1e1::1", "fd00::1"];
  assert.deepEqual(on(...inside, ...outside).tailnet, inside);
  assert.deepEqual(on(...inside, ...outside).outward, outside);
});

test("addresses of the machine itself and of a link reach nobody else; IPv4 comes first", () => {
  const { all, outward } = on("::1", "fe80::1", "2001:db8::5", "127.0.0.1", "169.254.3.3", "192.168.1.5");
  assert.deepEqual(all.slice(0, 3), ["127.0.0.1", "169.254.3.3", "192.168.1.5"]);
  assert.deepEqual(outward, ["192.168.1.5", "2001:db8::5"]);
});
