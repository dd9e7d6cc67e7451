import assert from "node:assert/strict";
import { generateKeyPairSync, sign } from "node:crypto";
import { test } from "node:test";
import fc from "fast-check";
import { deviceIdOf, payloads, proveDevice, type DeviceClaim, type Signed } from "./device-proof.ts";

const { publicKey, privateKey } = generateKeyPairSync("ed25519");
const raw = publicKey.export({ type: "spki", format: "der" }).subarray(-32);
const NOW = 1_800_000_000_000;
const socket = { nonce: "nonce-1", now: NOW };
const SIGNED: Signed = {
  clientId: "cli",
  clientMode: "cli",
  role: "operator",
  scopes: ["operator.read", "operator.write"],
  token: "secret",
  platform: "Linux",
  deviceFamily: "",
};

function claimFor(signed: Signed, version: 0 | 1 = 0): DeviceClaim {
  const claim = { id: deviceIdOf(raw), signedAt: NOW, nonce: socket.nonce };
  const text = payloads(claim, signed)[version] ?? "";
  return {
    ...claim,
    publicKey: raw.toString("base64url"),
    signature: sign(null, Buffer.from(text), privateKey).toString("base64url"),
  };
}

test("an honest proof of either version is taken", () => {
  for (const version of [0, 1] as const)
    assert.deepEqual(proveDevice(claimFor(SIGNED, version), SIGNED, socket), {
      ok: true,
      publicKey: raw.toString("base64url"),
    });
});

const CHANGES: readonly Partial<Signed>[] = [
  { clientId: "webchat" },
  { clientMode: "ui" },
  { role: "node" },
  { scopes: ["operator.write", "operator.read"] },
  { scopes: ["operator.admin"] },
  { scopes: [] },
  { token: "" },
  { token: "other" },
];
for (const change of CHANGES) {
  test(`a proof does not carry over to ${JSON.stringify(change)}`, () => {
    for (const version of [0, 1] as const)
      assert.equal(proveDevice(claimFor(SIGNED, version), { ...SIGNED, ...change }, socket).ok, false);
  });
}

test("version 3 binds platform and family, version 2 does not", () => {
  const moved = { ...SIGNED, platform: "darwin" };
  assert.equal(proveDevice(claimFor(SIGNED, 0), moved, socket).ok, false);
  assert.equal(proveDevice(claimFor(SIGNED, 1), moved, socket).ok, true);
});

test("any changed byte of the signature refuses the proof", () => {
  const claim = claimFor(SIGNED);
  const bytes = Buffer.from(claim.signature, "base64url");
  fc.assert(
    fc.property(fc.nat(63), fc.integer({ min: 1, max: 255 }), (at, flip) => {
      const changed = Buffer.from(bytes);
      changed[at] = (changed[at] ?? 0) ^ flip;
      return !proveDevice({ ...claim, signature: changed.toString("base64url") }, SIGNED, socket).ok;
    }),
    { numRuns: 50 },
  );
});

test("whatever stands in a claim, judging it never throws", () => {
  const field = fc.string({ maxLength: 80 });
  fc.assert(
    fc.property(field, field, field, fc.integer(), field, (id, key, signature, signedAt, nonce) => {
      return !proveDevice({ id, publicKey: key, signature, signedAt, nonce }, SIGNED, socket).ok;
    }),
  );
});

test("faults are reported in order: id, age, nonce, signature", () => {
  const claim = { ...claimFor(SIGNED), signature: "AAAA" };
  const code = (change: Partial<DeviceClaim>) => {
    const proof = proveDevice({ ...claim, ...change }, SIGNED, socket);
    return proof.ok ? "ok" : proof.problem.code;
  };
  assert.equal(code({ id: "other", signedAt: 0, nonce: "x" }), "DEVICE_AUTH_DEVICE_ID_MISMATCH");
  assert.equal(code({ signedAt: NOW - 120_001, nonce: "x" }), "DEVICE_AUTH_SIGNATURE_EXPIRED");
  assert.equal(code({ nonce: " " }), "DEVICE_AUTH_NONCE_REQUIRED");
  assert.equal(code({ nonce: "x" }), "DEVICE_AUTH_NONCE_MISMATCH");
  assert.equal(code({}), "DEVICE_AUTH_SIGNATURE_INVALID");
});
