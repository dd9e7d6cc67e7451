import assert from "node:assert/strict";
import { test, type TestContext } from "node:test";
import { Client, newDevice } from "../gateway/_client.ts";
import { openGateway, TOKEN } from "../gateway/_gateway.ts";
import { makeHome } from "./_run.ts";

const remote = { headers: { "X-Forwarded-For": "203.0.113.7" } };

/** A gateway at which `names` wait to be paired, and the command that asks it. */
async function waiting(t: TestContext, ...names: readonly string[]) {
  const gateway = await openGateway(t, { gateway: { auth: { token: TOKEN }, trustedProxies: ["127.0.0.1"] } });
  const requests: string[] = [];
  for (const displayName of names) {
    const client = new Client(gateway.url, remote);
    const { error } = await client.connect({
      device: newDevice(),
      client: { displayName },
      scopes: ["operator.read", "operator.write"],
    });
    requests.push(String(error?.details?.["requestId"]));
    await client.ended();
  }
  const home = await makeHome(t);
  const devices = (...args: readonly string[]) => home.run("devices", ...args, "--url", gateway.url, "--token", TOKEN);
  return { requests, devices };
}

test("devices list shows who asks, without the tricks that a name may hold", async (t) => {
  const { requests, devices } = await waiting(t, "Kitchen\u001b[2J tablet");
  const { stdout, code } = await devices("list");
  assert.equal(code, 0);
  assert.match(stdout, /Kitchen\ufffd\[2J tablet\s+operator\s+operator\.read,operator\.write\s+-\s+203\.0\.113\.7/);
  assert.ok(stdout.includes(requests[0] ?? "") && stdout.includes("No device is paired."), stdout);
  const document = JSON.parse((await devices("list", "--json")).stdout);
  assert.deepEqual([document.pending[0].requestId, document.paired], [requests[0], []]);
});

test("devices approve pairs only by id: without one, and with --latest, it shows the command and pairs nobody", async (t) => {
  const { requests, devices } = await waiting(t, "first", "second");
  for (const args of [["approve"], ["approve", "--latest"]]) {
    const { code, stdout } = await devices(...args);
    assert.equal(code, 1);
    assert.ok(stdout.includes(`openclaw devices approve ${requests[1]}`), stdout);
    assert.equal(stdout.includes("first"), args.length === 1);
  }
  assert.equal(JSON.parse((await devices("list", "--json")).stdout).pending.length, 2);

  const approved = await devices("approve", requests[0] ?? "", "--json");
  assert.deepEqual([approved.code, JSON.parse(approved.stdout).requestId], [0, requests[0]]);
  const { pending, paired } = JSON.parse((await devices("list", "--json")).stdout);
  assert.deepEqual(
    [pending.map((one: { requestId: string }) => one.requestId), paired[0].displayName, paired[0].scopes],
    [[requests[1]], "first", ["operator.read", "operator.write"]],
  );
  const unknown = await devices("approve", requests[0] ?? "");
  assert.equal(unknown.code, 1);
  assert.match(unknown.stderr, /unknown requestId\nList the open requests with: openclaw devices list/);
});

test("devices reject turns a request down, devices remove forgets a device", async (t) => {
  const { requests, devices } = await waiting(t, "first", "second");
  assert.equal((await devices("reject", requests[0] ?? "")).stdout, `Rejected ${requests[0]}.\n`);
  const { device } = JSON.parse((await devices("approve", requests[1] ?? "", "--json")).stdout);
  assert.equal((await devices("remove", device.deviceId)).stdout, `Removed ${device.deviceId}.\n`);
  assert.deepEqual(JSON.parse((await devices("list", "--json")).stdout), { pending: [], paired: [] });
  assert.equal((await devices("approve")).code, 0, "nothing to do is no failure");
  assert.match((await devices("remove", device.deviceId)).stderr, /removal denied/);
});

test("devices rotate and revoke end a token without showing one", async (t) => {
  const { requests, devices } = await waiting(t, "tablet");
  const { deviceId } = JSON.parse((await devices("approve", requests[0] ?? "", "--json")).stdout).device;
  const token = ["--device", deviceId, "--role", "operator"];
  const rotated = await devices("rotate", ...token, "--scope", "operator.read");
  assert.deepEqual([rotated.code, rotated.stderr], [0, ""]);
  const shown = JSON.parse(rotated.stdout);
  assert.deepEqual(
    [shown.deviceId, shown.scopes, shown.tokenDelivery, shown.token],
    [deviceId, ["operator.read"], "withheld-cross-device", undefined],
  );
  const wider = await devices("rotate", ...token, "--scope", "operator.admin");
  assert.equal(wider.code, 1);
  assert.match(wider.stderr, /device token rotation denied/);
  assert.ok(JSON.parse((await devices("revoke", ...token)).stdout).revokedAtMs > 0);
  const incomplete = await devices("revoke", "--device", deviceId);
  assert.notEqual(incomplete.code, 0);
  assert.match(incomplete.stderr, /--role/);
});

test("devices clear says what it would do, and does it with --yes", async (t) => {
  const { requests, devices } = await waiting(t, "first", "second");
  await devices("approve", requests[0] ?? "");
  const asked = await devices("clear", "--pending");
  assert.equal(asked.code, 1);
  assert.match(asked.stderr, /forget 1 devices and turn down 1 requests/);
  const done = JSON.parse((await devices("clear", "--yes", "--pending", "--json")).stdout);
  assert.deepEqual([done.removed.length, done.rejected], [1, [requests[1]]]);
  const left = JSON.parse((await devices("list", "--json")).stdout);
  assert.deepEqual([left.pending, left.paired], [[], []]);
});

test("qr shows a code that a phone can use, once", async (t) => {
  const gateway = await openGateway(t);
  const home = await makeHome(t);
  const qr = (...args: readonly string[]) => home.run("qr", ...args, "--url", gateway.url, "--token", TOKEN);
  const shown = await qr("--public-url", "https://claw.example");
  assert.equal(shown.code, 0);
  assert.match(shown.stdout, /[▀▄█]{20}/);
  assert.match(shown.stdout, /Gateway: {4}wss:\/\/claw\.example \(from publicUrl\)/);
  assert.match(shown.stdout, /within 10 min/);
  assert.doesNotMatch((await qr("--no-ascii")).stdout, /[▀▄█]/);
  const document = JSON.parse((await qr("--json")).stdout);
  assert.deepEqual(Object.keys(document), ["setupCode", "gatewayUrl", "auth", "urlSource"]);
  assert.equal(document.gatewayUrl, gateway.url, "the address that was given for the gateway is told to the phone");
  const only = (await qr("--setup-code-only")).stdout.trim();
  const { bootstrapToken } = JSON.parse(Buffer.from(only, "base64url").toString("utf8"));
  const phone = new Client(gateway.url);
  t.after(() => phone.close());
  const client = { id: "openclaw-android", mode: "node" };
  const answer = await phone.connect({
    device: newDevice(),
    role: "node",
    scopes: [],
    client,
    auth: { bootstrapToken },
  });
  assert.equal(answer.payload?.auth.method, "bootstrap-token");
});
