import assert from "node:assert/strict";
import { test } from "node:test";
import { ALL_SCOPES, Client, login, newDevice, type Frame, type Say } from "./_client.ts";
import { manualClock } from "./_clock.ts";
import { openGateway, TOKEN, type TestGateway } from "./_gateway.ts";

const PASSWORD = "the-right-password";
const passwordMode = { auth: { mode: "password", password: PASSWORD } };
const behindProxy = { auth: { token: TOKEN }, trustedProxies: ["127.0.0.1"] };

async function answerTo(gateway: TestGateway, say: Say, headers?: Record<string, string>): Promise<Frame> {
  const client = new Client(gateway.url, headers === undefined ? {} : { headers });
  const answer = await client.connect(say);
  if (!answer.ok) await client.ended();
  client.close();
  return answer;
}

test("the right token and the right password let in, each named", async (t) => {
  const byToken = await openGateway(t);
  assert.equal((await answerTo(byToken, { device: newDevice() })).payload.auth.method, "token");
  const byPassword = await openGateway(t, { gateway: passwordMode });
  const auth = { password: PASSWORD };
  assert.equal((await answerTo(byPassword, { device: newDevice(), auth })).payload.auth.method, "password");
  assert.equal(
    (await answerTo(byPassword, { device: newDevice(), auth: { token: PASSWORD } })).payload.auth.method,
    "password",
  );
});

test("a wrong token says whether the device's own token is worth a try", async (t) => {
  const gateway = await openGateway(t);
  const auth = { token: "wrong" };
  const withDevice = await answerTo(gateway, { device: newDevice(), auth });
  assert.deepEqual(details(withDevice), ["AUTH_TOKEN_MISMATCH", "token_mismatch", true, "retry_with_device_token"]);
  const without = await answerTo(gateway, { auth });
  assert.deepEqual(details(without), ["AUTH_TOKEN_MISMATCH", "token_mismatch", false, "update_auth_credentials"]);
  const password = await answerTo(gateway, { device: newDevice(), auth: { password: "wrong" } });
  assert.deepEqual(details(password), ["AUTH_TOKEN_MISMATCH", "token_mismatch", false, "update_auth_credentials"]);
});

test("a missing secret is told apart from a missing device", async (t) => {
  const gateway = await openGateway(t);
  const missing = await answerTo(gateway, { device: newDevice(), auth: {} });
  assert.deepEqual(details(missing), ["AUTH_TOKEN_MISSING", "token_missing", false, "update_auth_configuration"]);
  const nothing = await answerTo(gateway, { auth: {} });
  assert.equal(nothing.error?.code, "NOT_PAIRED");
  assert.deepEqual(nothing.error?.details, { code: "DEVICE_IDENTITY_REQUIRED" });
});

test("an empty secret is a missing one", async (t) => {
  const gateway = await openGateway(t);
  assert.equal(details(await answerTo(gateway, { device: newDevice(), auth: { token: "" } }))[0], "AUTH_TOKEN_MISSING");
});

test("a password that is missing or wrong has codes of its own", async (t) => {
  const gateway = await openGateway(t, { gateway: passwordMode });
  assert.equal(details(await answerTo(gateway, { device: newDevice(), auth: {} }))[0], "AUTH_PASSWORD_MISSING");
  assert.equal(
    details(await answerTo(gateway, { device: newDevice(), auth: { password: "no" } }))[0],
    "AUTH_PASSWORD_MISMATCH",
  );
});

test("wrong tokens from this machine are answered ever later, and nobody else waits", async (t) => {
  const clock = manualClock();
  const gateway = await openGateway(t, { clock });
  const wrongToken = async (whileItWaits?: () => Promise<void>): Promise<number> => {
    const asleep = clock.asleep();
    const answer = answerTo(gateway, { auth: { token: "wrong" } });
    const delay = await asleep;
    // Time stands still here: whoever is let in now does not wait for the wrong one.
    await whileItWaits?.();
    clock.advance(delay);
    assert.equal((await answer).ok, false);
    return delay;
  };
  const letIn = async () => (await login(gateway.url)).close();
  // Each right token in between starts the count anew.
  assert.deepEqual([await wrongToken(letIn), await wrongToken(letIn), await wrongToken(letIn)], [250, 250, 250]);
  assert.deepEqual([await wrongToken(), await wrongToken(), await wrongToken()], [250, 500, 1000]);
});

test("ten wrong tokens from elsewhere lock that address out, the right token too, and no other address", async (t) => {
  const gateway = await openGateway(t, { gateway: behindProxy });
  const from = (address: string) => ({ "X-Forwarded-For": address });
  for (let i = 0; i < 10; i += 1) {
    assert.equal(
      details(await answerTo(gateway, { auth: { token: "wrong" } }, from("203.0.113.50")))[1],
      "token_mismatch",
    );
  }
  for (const token of ["wrong", TOKEN]) {
    const locked = await answerTo(gateway, { auth: { token } }, from("203.0.113.50"));
    assert.deepEqual(details(locked), ["AUTH_RATE_LIMITED", "rate_limited", false, "wait_then_retry"]);
    assert.ok(locked.error?.retryable);
    const wait = locked.error?.retryAfterMs ?? 0;
    assert.ok(wait > 0 && wait <= 300_000);
  }
  assert.ok((await answerTo(gateway, { client: { id: "webchat", mode: "ui" } }, from("203.0.113.51"))).ok);
});

test("wrong tokens from a page on this machine lock that page out, and nothing else", async (t) => {
  const gateway = await openGateway(t);
  const page = { Origin: "http://localhost:5173" };
  for (let i = 0; i < 10; i += 1) await answerTo(gateway, { device: newDevice(), auth: { token: "wrong" } }, page);
  assert.equal(details(await answerTo(gateway, { device: newDevice() }, page))[0], "AUTH_RATE_LIMITED");
  assert.ok((await answerTo(gateway, { device: newDevice() }, { Origin: "http://localhost:5174" })).ok);
  assert.ok((await answerTo(gateway, { device: newDevice() })).ok);
});

test("missing tokens are never counted", async (t) => {
  const gateway = await openGateway(t, { gateway: behindProxy });
  const headers = { "X-Forwarded-For": "203.0.113.52" };
  for (let i = 0; i < 20; i += 1) await answerTo(gateway, { device: newDevice(), auth: {} }, headers);
  assert.ok((await answerTo(gateway, { client: { id: "webchat", mode: "ui" } }, headers)).ok);
});

test("a device's own token lets it in, in either field, and stays the same", async (t) => {
  const gateway = await openGateway(t);
  const device = newDevice();
  const { deviceToken } = (await answerTo(gateway, { device })).payload.auth;
  for (const auth of [{ deviceToken }, { token: deviceToken }, { token: "wrong", deviceToken }]) {
    const answer = await answerTo(gateway, { device, auth });
    assert.deepEqual(
      [answer.payload?.auth.method, answer.payload?.auth.deviceToken],
      ["device-token", deviceToken],
      JSON.stringify(answer.error),
    );
  }
});

test("a device's token is of no use to another device, in another role, or without its device", async (t) => {
  const gateway = await openGateway(t);
  const device = newDevice();
  const { deviceToken } = (await answerTo(gateway, { device })).payload.auth;
  const other = newDevice();
  await answerTo(gateway, { device: other });
  const code = async (say: Say) => details(await answerTo(gateway, say))[0];
  assert.equal(await code({ device: other, auth: { deviceToken } }), "AUTH_DEVICE_TOKEN_MISMATCH");
  const node = { role: "node", scopes: [], client: { id: "node-host", mode: "node" } };
  assert.equal(await code({ ...node, device, auth: { deviceToken } }), "AUTH_DEVICE_TOKEN_MISMATCH");
  assert.equal(await code({ device, auth: { deviceToken: "garbage" } }), "AUTH_DEVICE_TOKEN_MISMATCH");
  assert.equal(await code({ auth: { deviceToken } }), "DEVICE_IDENTITY_REQUIRED");
});

test("an Authorization header on the upgrade proves nothing", async (t) => {
  const gateway = await openGateway(t);
  const answer = await answerTo(gateway, { device: newDevice(), auth: {} }, { Authorization: `Bearer ${TOKEN}` });
  assert.equal(details(answer)[0], "AUTH_TOKEN_MISSING");
});

test("without auth a helper and any device get in, a device-less command line does not", async (t) => {
  const gateway = await openGateway(t, { gateway: { auth: { mode: "none" } } });
  const helper = await answerTo(gateway, { auth: {}, client: { id: "gateway-client", mode: "backend" } });
  assert.equal(helper.payload.auth.method, "none");
  assert.equal((await answerTo(gateway, { auth: {}, device: newDevice() })).payload.auth.method, "none");
  const cli = await answerTo(gateway, { auth: {}, client: { id: "cli", mode: "cli" } });
  assert.deepEqual(cli.error?.details, { code: "DEVICE_IDENTITY_REQUIRED" });
});

test("forwarding headers of a stranger take away what being local gives", async (t) => {
  const forwarded = { "X-Forwarded-For": "203.0.113.7" };
  const none = await openGateway(t, { gateway: { auth: { mode: "none" } } });
  assert.equal(await new Client(none.url, { headers: forwarded }).refusedUpgrade(), 403);
  const gateway = await openGateway(t);
  const paired = await answerTo(gateway, { device: newDevice() }, forwarded);
  assert.equal(paired.error?.details?.["reason"], "not-paired");
  const cli = await answerTo(gateway, { client: { id: "cli", mode: "cli" } }, forwarded);
  assert.deepEqual(cli.payload.auth.scopes, []);
  const strict = await openGateway(t, { gateway: { auth: { token: TOKEN }, strictProxyAttribution: true } });
  assert.equal(await new Client(strict.url, { headers: forwarded }).refusedUpgrade(), 403);
  assert.ok((await answerTo(strict, { device: newDevice() })).ok, "without the header the same client gets in");
});

const REFUSED_STARTS: Readonly<Record<string, [Record<string, unknown>, string, RegExp]>> = {
  "open to the network without a secret": [
    { bind: "lan" },
    "GATEWAY_WITHOUT_AUTH",
    /refusing to bind gateway to 0\.0\.0\.0:\d+ without auth/,
  ],
  "open to the network with mode none": [
    { bind: "lan", auth: { mode: "none" } },
    "GATEWAY_WITHOUT_AUTH",
    /without auth/,
  ],
  "token and password without a mode": [
    { auth: { token: "a", password: "b" } },
    "GATEWAY_AUTH_AMBIGUOUS",
    /gateway\.auth\.mode/,
  ],
  "a token that resolved to nothing": [{ auth: { token: "" } }, "GATEWAY_SECRET_MISSING", /gateway\.auth\.token/],
  "a token reference that nobody resolved": [
    { auth: { token: { source: "env", id: "X" } } },
    "GATEWAY_SECRET_MISSING",
    /no usable value/,
  ],
  "password mode without a password": [
    { auth: { mode: "password", token: "a" } },
    "GATEWAY_SECRET_MISSING",
    /gateway\.auth\.password/,
  ],
  "a trusted proxy with a token beside it": [
    { auth: { mode: "trusted-proxy", token: "a" } },
    "GATEWAY_PROXY_AUTH",
    /token/,
  ],
  "a funnel with a token": [{ auth: { token: "a" }, tailscale: { mode: "funnel" } }, "GATEWAY_TAILSCALE", /password/],
  "serve on an open bind": [
    { auth: { token: "a" }, bind: "lan", tailscale: { mode: "serve" } },
    "GATEWAY_TAILSCALE",
    /loopback/,
  ],
};
for (const [what, [gateway, code, message]] of Object.entries(REFUSED_STARTS)) {
  test(`the gateway does not start with ${what}`, async (t) => {
    await assert.rejects(openGateway(t, { gateway }), { code, message });
  });
}

test("the gateway starts open to the network when it has a secret", async (t) => {
  await openGateway(t, { gateway: { bind: "lan", auth: { token: "a" } } });
});

test("without configured auth a token is made and kept, and nothing less lets in", async (t) => {
  const gateway = await openGateway(t, { gateway: {} });
  assert.equal(details(await answerTo(gateway, { device: newDevice(), auth: {} }))[0], "AUTH_TOKEN_MISSING");
  const { Config } = await import("../../packages/openclaw/src/features/config/index.ts");
  const token = (await gateway.use(Config)).current().at("gateway.auth.token");
  assert.match(String(token), /^[A-Za-z0-9_-]{43}$/);
  assert.ok((await answerTo(gateway, { device: newDevice(), auth: { token: String(token) } })).ok);
});

test("pages of other sites are refused whoever they say they are, own and configured ones are not", async (t) => {
  const gateway = await openGateway(t, {
    gateway: { auth: { token: TOKEN }, controlUi: { allowedOrigins: ["https://ui.example"] } },
  });
  const ui = { id: "openclaw-control-ui", mode: "webchat" };
  const reason = async (headers: Record<string, string>, client: Say["client"] = ui) =>
    (await answerTo(gateway, { device: newDevice(), client }, headers)).error?.details?.["reason"];
  assert.equal(await reason({ Origin: "https://evil.example" }), "origin not allowed");
  assert.equal(await reason({ Origin: "https://evil.example" }, { id: "cli", mode: "cli" }), "origin not allowed");
  assert.equal(await reason({ Origin: `http://127.0.0.1:${gateway.port}` }), undefined);
  assert.equal(await reason({ Origin: "http://localhost:5173" }), undefined);
  assert.equal(await reason({ Origin: "https://ui.example" }), undefined);
  assert.equal(await reason({ Origin: "null" }), "origin missing or invalid");
  assert.equal(await reason({}), "origin missing or invalid");
});

test("a page whose name was rebound to this machine does not even get a socket", async (t) => {
  const gateway = await openGateway(t);
  const rebound = new Client(gateway.url, { headers: { Host: "evil.example", Origin: "http://evil.example" } });
  assert.equal(await rebound.refusedUpgrade(), 403);
  const named = new Client(gateway.url, {
    headers: { Host: `localhost:${gateway.port}`, Origin: `http://localhost:${gateway.port}` },
  });
  t.after(() => named.close());
  await named.challenge();
});

test("the Control UI and the terminal need a device unless the owner waives it for the page", async (t) => {
  const gateway = await openGateway(t);
  const headers = { Origin: `http://127.0.0.1:${gateway.port}` };
  const ui = { client: { id: "openclaw-control-ui", mode: "webchat" } };
  assert.equal(details(await answerTo(gateway, ui, headers))[0], "CONTROL_UI_DEVICE_IDENTITY_REQUIRED");
  const tui = { client: { id: "openclaw-tui", mode: "ui" } };
  assert.equal(details(await answerTo(gateway, tui))[0], "CONTROL_UI_DEVICE_IDENTITY_REQUIRED");
  const waived = await openGateway(t, { gateway: { auth: { token: TOKEN }, controlUi: { allowInsecureAuth: true } } });
  const own = { Origin: `http://127.0.0.1:${waived.port}` };
  assert.deepEqual((await answerTo(waived, ui, own)).payload.auth.scopes, ALL_SCOPES);
  assert.equal(details(await answerTo(waived, { ...ui, auth: {} }, own))[0], "DEVICE_IDENTITY_REQUIRED");
  assert.match(waived.logged(), /gateway\.controlUi\.allowInsecureAuth weakens/);
});

test("no secret appears in a frame, a close reason or the log", async (t) => {
  const gateway = await openGateway(t);
  const seen: string[] = [];
  for (const auth of [
    { token: "sent-wrong-secret" },
    { password: "sent-wrong-secret" },
    { deviceToken: "sent-wrong-secret" },
    { token: TOKEN },
  ]) {
    const client = new Client(gateway.url);
    await client.connect({ device: newDevice(), auth });
    if (client.ws.readyState === client.ws.OPEN) await client.request("test.fail");
    client.ws.close();
    await client.ended();
    seen.push(JSON.stringify([client.frames, client.closed]));
  }
  seen.push(gateway.logged().replace(/inner .*-like detail.*/g, ""));
  assert.doesNotMatch(seen.join("\n"), new RegExp(`sent-wrong-secret|${TOKEN}`));
});

function details(frame: Frame): unknown[] {
  const found = frame.error?.details ?? {};
  return [found["code"], found["authReason"], found["canRetryWithDeviceToken"], found["recommendedNextStep"]];
}
