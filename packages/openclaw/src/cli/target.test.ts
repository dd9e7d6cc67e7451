import assert from "node:assert/strict";
import { test } from "node:test";
import { portOf, resolveTarget, type TargetFlags } from "./target.ts";

type Config = Record<string, unknown>;
interface Case {
  readonly what: string;
  readonly flags?: TargetFlags;
  readonly env?: Record<string, string>;
  readonly config?: Config;
  readonly url: string;
  readonly token?: string;
  readonly password?: string;
}

const auth = { gateway: { auth: { token: "of-config" } } };
const remote = {
  gateway: { mode: "remote", auth: { token: "of-config" }, remote: { url: "wss://far.example", token: "of-remote" } },
};

const CASES: readonly Case[] = [
  { what: "nothing said: loopback and the usual port", url: "ws://127.0.0.1:18789" },
  {
    what: "the configuration's port and token",
    config: { gateway: { port: 5, auth: { token: "t" } } },
    url: "ws://127.0.0.1:5",
    token: "t",
  },
  {
    what: "the environment beats the configuration",
    env: { OPENCLAW_GATEWAY_PORT: "6", OPENCLAW_GATEWAY_TOKEN: "of-env" },
    config: auth,
    url: "ws://127.0.0.1:6",
    token: "of-env",
  },
  {
    what: "a flag beats the environment",
    flags: { token: "of-flag" },
    env: { OPENCLAW_GATEWAY_TOKEN: "of-env" },
    config: auth,
    url: "ws://127.0.0.1:18789",
    token: "of-flag",
  },
  {
    what: "a password counts like a token",
    config: { gateway: { auth: { password: "p" } } },
    url: "ws://127.0.0.1:18789",
    password: "p",
  },
  {
    what: "remote credentials only help out locally",
    config: { gateway: { remote: { token: "r" } } },
    url: "ws://127.0.0.1:18789",
    token: "r",
  },
  { what: "an encrypted gateway", config: { gateway: { tls: { enabled: true } } }, url: "wss://127.0.0.1:18789" },
  {
    what: "remote mode asks the remote gateway with its credential",
    config: remote,
    url: "wss://far.example",
    token: "of-remote",
  },
  {
    what: "a remote address without port means the usual one",
    env: { OPENCLAW_ALLOW_INSECURE_PRIVATE_WS: "1" },
    config: { gateway: { mode: "remote", remote: { url: "ws://10.0.0.1" } } },
    url: "ws://10.0.0.1:18789",
  },
  {
    what: "--url with its own credential",
    flags: { url: "wss://other.example", token: "t" },
    config: auth,
    url: "wss://other.example",
    token: "t",
  },
  {
    what: "OPENCLAW_GATEWAY_URL with the credential beside it",
    env: { OPENCLAW_GATEWAY_URL: "wss://other.example", OPENCLAW_GATEWAY_TOKEN: "of-env" },
    config: auth,
    url: "wss://other.example",
    token: "of-env",
  },
  {
    what: "nonsense in the configuration counts as nothing",
    config: { gateway: { port: "x", auth: { token: 5 }, remote: [] } },
    url: "ws://127.0.0.1:18789",
  },
];

for (const { what, flags = {}, env = {}, config = {}, url, token, password } of CASES) {
  test(`target: ${what}`, () => {
    const target = resolveTarget(flags, env, config);
    assert.deepEqual([target.url, target.token, target.password], [url, token, password]);
  });
}

const REFUSED: readonly (readonly [
  what: string,
  flags: TargetFlags,
  env: Record<string, string>,
  config: Config,
  code: string,
])[] = [
  [
    "credentials of this machine never go to an address from a flag",
    { url: "wss://evil.example" },
    { OPENCLAW_GATEWAY_TOKEN: "of-env" },
    auth,
    "CLI_URL_NEEDS_CREDENTIAL",
  ],
  [
    "nor those of the configuration to one from the environment",
    {},
    { OPENCLAW_GATEWAY_URL: "wss://evil.example" },
    auth,
    "CLI_URL_NEEDS_CREDENTIAL",
  ],
  [
    "no credential goes over the network unencrypted",
    { url: "ws://10.0.0.1:1", token: "t" },
    {},
    {},
    "CLI_URL_INSECURE",
  ],
  ["an address must be one of a gateway", { url: "http://127.0.0.1", token: "t" }, {}, {}, "CLI_URL_INVALID"],
  ["remote mode needs an address", {}, {}, { gateway: { mode: "remote" } }, "CLI_REMOTE_URL_MISSING"],
];

for (const [what, flags, env, config, code] of REFUSED) {
  test(`target: ${what}`, () => assert.throws(() => resolveTarget(flags, env, config), { code }));
}

test("loopback is told from other hosts, however it is written", () => {
  const loopback = (url: string) =>
    resolveTarget({ url, token: "t" }, { OPENCLAW_ALLOW_INSECURE_PRIVATE_WS: "1" }, {}).loopback;
  for (const host of ["127.0.0.1", "127.9.9.9", "localhost", "[::1]", "0x7f.1"])
    assert.equal(loopback(`ws://${host}:1`), true, host);
  for (const host of ["127.0.0.1.example", "localhost.example", "10.0.0.1", "[::2]"])
    assert.equal(loopback(`ws://${host}:1`), false, host);
});

test("a port that is none falls back to the usual one", () => {
  for (const text of ["0", "-1", "70000", "x", ""]) assert.equal(portOf({ OPENCLAW_GATEWAY_PORT: text }, {}), 18_789);
});

test("remote mode goes through SSH where a host for it is configured", () => {
  const remote = { url: "ws://gateway.example:19000", token: "t", sshTarget: "me@gateway.example", sshIdentity: "/k" };
  const config = (more: object) => ({ gateway: { mode: "remote", remote: { ...remote, ...more } } });
  const target = resolveTarget({}, {}, config({}));
  assert.deepEqual(target.ssh, { to: "me@gateway.example", identity: "/k" });
  assert.equal(target.loopback, true);
  assert.throws(() => resolveTarget({}, {}, config({ transport: "direct" })), { code: "CLI_URL_INSECURE" });
  const secure = resolveTarget({}, {}, config({ transport: "direct", url: "wss://gateway.example" }));
  assert.equal(secure.ssh, undefined);
  assert.equal(secure.loopback, false);
});
