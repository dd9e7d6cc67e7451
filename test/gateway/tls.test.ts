import assert from "node:assert/strict";
import { X509Certificate } from "node:crypto";
import { copyFile, mkdtemp, readFile, rm, stat, writeFile } from "node:fs/promises";
import { request } from "node:https";
import { connect as tcp } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test, type TestContext } from "node:test";
import { connect as tlsConnect } from "node:tls";
import { until } from "../harness/until.ts";
import { systemClock, type Clock } from "../../packages/openclaw/src/base/time.ts";
import { Client, login, newDevice } from "./_client.ts";
import { openGateway, TOKEN } from "./_gateway.ts";

const auth = { mode: "token", token: TOKEN };
const made = { gateway: { auth, tls: { enabled: true, autoGenerate: true } } };
/** Certificates are made for 825 days and renewed in the last 30. */
const NEARLY_EXPIRED_MS = 800 * 86_400_000;
const unverified = { rejectUnauthorized: false };

async function folder(t: TestContext): Promise<string> {
  const path = await mkdtemp(join(tmpdir(), "gateway-tls-"));
  t.after(() => rm(path, { recursive: true, force: true }));
  return path;
}

/** SHA-256 of the certificate that is served on a port. */
function served(port: number): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = tlsConnect({ port, host: "127.0.0.1", ...unverified }, () => {
      resolve(socket.getPeerCertificate().fingerprint256);
      socket.destroy();
    });
    socket.on("error", reject);
  });
}

test("with a certificate of its own the gateway speaks wss and https on its one port, and nothing plain", async (t) => {
  const gateway = await openGateway(t, made);
  assert.match(gateway.url, /^wss:\/\/127\.0\.0\.1:\d+$/);
  const client = await login(gateway.url, {}, unverified);
  t.after(() => client.close());
  assert.ok((await client.request("health")).ok);
  const status = await new Promise<number | undefined>((resolve, reject) => {
    const asked = request({ port: gateway.port, path: "/health", ...unverified }, (response) => {
      response.resume();
      resolve(response.statusCode);
    });
    asked.on("error", reject).end();
  });
  assert.equal(status, 200);
  const plain = await new Promise<string>((resolve) => {
    const socket = tcp(gateway.port, "127.0.0.1", () => socket.write("GET /health HTTP/1.1\r\nHost: x\r\n\r\n"));
    let heard = "";
    socket.on("data", (chunk) => (heard += chunk.toString("latin1")));
    socket.on("error", () => {}).on("close", () => resolve(heard));
  });
  assert.doesNotMatch(plain, /HTTP\/1\.1 200/);
});

test("the certificate is made once, for the owner's eyes only, and stands for this machine", async (t) => {
  const state = await folder(t);
  const first = await openGateway(t, { ...made, state });
  const pem = await readFile(join(state, "tls", "gateway-cert.pem"), "utf8");
  const certificate = new X509Certificate(pem);
  assert.equal(certificate.fingerprint256, first.tlsFingerprint);
  assert.match(first.logged(), new RegExp(`serving TLS.*${certificate.fingerprint256}`));
  assert.ok(certificate.checkHost("localhost"));
  assert.ok(certificate.checkIP("127.0.0.1"));
  assert.ok(certificate.verify(certificate.publicKey));
  for (const name of ["gateway-cert.pem", "gateway-key.pem"])
    assert.equal((await stat(join(state, "tls", name))).mode & 0o777, 0o600);
  await first.close();
  const second = await openGateway(t, { ...made, state });
  assert.equal(second.tlsFingerprint, first.tlsFingerprint);
});

test("a certificate that was made here is renewed before it expires", async (t) => {
  const state = await folder(t);
  const first = await openGateway(t, { ...made, state });
  await first.close();
  const later = await openGateway(t, {
    ...made,
    state,
    clock: { ...systemClock, now: () => Date.now() + NEARLY_EXPIRED_MS },
  });
  assert.notEqual(later.tlsFingerprint, first.tlsFingerprint);
});

test("the gateway renews its certificate while it runs", async (t) => {
  let passed = 0;
  const rareTimers: (() => void)[] = [];
  const clock: Clock = {
    ...systemClock,
    now: () => Date.now() + passed,
    timer(ms, fire) {
      if (ms < 3_600_000) return systemClock.timer(ms, fire);
      rareTimers.push(fire);
      return () => {};
    },
  };
  const gateway = await openGateway(t, { ...made, clock });
  passed = NEARLY_EXPIRED_MS;
  for (const fire of rareTimers.splice(0)) fire();
  await until(async () => (await served(gateway.port)) !== gateway.tlsFingerprint);
  assert.match(gateway.logged(), /a new certificate is served/);
});

test("a replaced certificate is served without a restart, a broken one is not", async (t) => {
  const [from, to] = [await folder(t), await folder(t)];
  const other = await openGateway(t, { ...made, state: from });
  await other.close();
  const state = await folder(t);
  const paths = { certPath: join(to, "cert.pem"), keyPath: join(to, "key.pem") };
  const gateway = await openGateway(t, {
    state,
    gateway: { auth, tls: { enabled: true, autoGenerate: true, ...paths } },
  });
  const before = await served(gateway.port);
  await writeFile(paths.certPath, "-----BEGIN CERTIFICATE-----\nnonsense\n-----END CERTIFICATE-----\n");
  await until(() => gateway.logged().includes("the old one stays"));
  assert.equal(await served(gateway.port), before);
  await copyFile(join(from, "tls", "gateway-key.pem"), paths.keyPath);
  await copyFile(join(from, "tls", "gateway-cert.pem"), paths.certPath);
  await until(async () => (await served(gateway.port)) !== before);
  assert.equal(await served(gateway.port), other.tlsFingerprint);
});

const WITHOUT_CERTIFICATE: Readonly<Record<string, [Record<string, unknown>, RegExp]>> = {
  "neither a certificate nor leave to make one": [{ enabled: true }, /autoGenerate is off/],
  "a certificate without its key": [{ enabled: true, certPath: "/nowhere/cert.pem" }, /go together/],
  "files that are not there": [
    { enabled: true, certPath: "/nowhere/cert.pem", keyPath: "/nowhere/key.pem" },
    /there is no \/nowhere\/cert\.pem/,
  ],
};
for (const [what, [tls, message]] of Object.entries(WITHOUT_CERTIFICATE)) {
  test(`the gateway does not start with TLS and ${what}`, async (t) => {
    await assert.rejects(openGateway(t, { gateway: { auth, tls } }), { code: "GATEWAY_TLS", message });
  });
}

test("a certificate and a key of different pairs are refused at start", async (t) => {
  const [a, b] = [await folder(t), await folder(t)];
  for (const state of [a, b]) await (await openGateway(t, { ...made, state })).close();
  const tls = {
    enabled: true,
    certPath: join(a, "tls", "gateway-cert.pem"),
    keyPath: join(b, "tls", "gateway-key.pem"),
  };
  await assert.rejects(openGateway(t, { gateway: { auth, tls } }), { code: "GATEWAY_TLS", message: /belong together/ });
});

test("a device pairs over TLS as it does in the clear", async (t) => {
  const gateway = await openGateway(t, made);
  const client = new Client(gateway.url, unverified);
  t.after(() => client.close());
  const answer = await client.connect({ device: newDevice() });
  assert.match(String(answer.payload.auth.deviceToken), /^[\w-]{43}$/);
});
