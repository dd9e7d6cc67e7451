import assert from "node:assert/strict";
import { test } from "node:test";
import { beaconsIn, concerns, recordsOf, SERVICE, type Answer, type Identity } from "./_records.ts";

const who: Identity = {
  host: "openclaw",
  name: "study.pc (OpenClaw)",
  port: 18_789,
  addresses: ["fe80::1", "192.168.1.20"],
  txt: { role: "gateway", gatewayTls: "1", gatewayTlsSha256: "ab12", displayName: "study" },
};

test("what a gateway announces is what others find", () => {
  assert.deepEqual(beaconsIn(recordsOf(who)), [
    {
      name: "study pc (OpenClaw)",
      hostName: "openclaw.local",
      host: "192.168.1.20",
      addresses: ["192.168.1.20", "fe80::1"],
      port: 18_789,
      wsUrl: "wss://192.168.1.20:18789",
      tls: true,
      tlsFingerprint: "ab12",
      displayName: "study",
      txt: who.txt,
    },
  ]);
});

test("a farewell is no gateway, nor are records without an address to go to", () => {
  assert.deepEqual(beaconsIn(recordsOf(who, 0)), []);
  const pointers = recordsOf(who).filter(({ type }) => type === "PTR");
  assert.deepEqual(beaconsIn(pointers), []);
});

test("the address is what the network resolved, never what a text record claims", () => {
  const lying = recordsOf({ ...who, txt: { ...who.txt, lanHost: "evil.example", gatewayPort: "1" } });
  const [beacon] = beaconsIn(lying);
  assert.equal(beacon?.wsUrl, "wss://192.168.1.20:18789");
});

test("a flood of instances is cut", () => {
  const flood = Array.from({ length: 5000 }, (_, n): Answer => ({
    name: SERVICE,
    type: "PTR",
    data: `n${n}.${SERVICE}`,
  }));
  const services = flood.map((each): Answer => ({
    name: String(each.data),
    type: "SRV",
    data: { port: 1, target: "x.local" },
  }));
  assert.equal(beaconsIn([...flood, ...services]).length, 64);
});

test("questions about the service, the instance and the host concern us; others do not", () => {
  const asked = (name: string) => concerns({ name, type: "PTR" }, who);
  assert.ok(asked("_OPENCLAW-gw._tcp.local"));
  assert.ok(asked("study pc (OpenClaw)._openclaw-gw._tcp.local"));
  assert.ok(asked("openclaw.local"));
  assert.equal(asked("_http._tcp.local"), false);
});
