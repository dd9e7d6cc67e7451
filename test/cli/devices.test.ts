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
