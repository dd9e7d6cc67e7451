import assert from "node:assert/strict";
import { connect } from "node:net";
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdirSync, writeFileSync } from "node:fs";
import { hostname, networkInterfaces } from "node:os";
import { dirname } from "node:path";
import { describe, it } from "node:test";
import type { TestContext } from "node:test";
import { startAuthServer } from "../../../../../test/fakes/auth-server.ts";
import type { Fetch } from "../../base/fetch.ts";
import { systemRandom } from "../../base/ids.ts";
import { systemClock } from "../../base/time.ts";
import { Fault } from "../../base/errors.ts";
import { loginInBrowser, pastedCode } from "./browser-login.ts";
import type { LoginUi } from "./browser-login.ts";
import { loginWithCode } from "./device-login.ts";
import { quietLog } from "../../../../../test/harness/log.ts";
import { errors } from "../errors.ts";
import { makeRenew } from "./refresh.ts";
import { Shelf } from "./shelf.ts";
import type { BrowserFlow, DeviceFlow } from "./flow.ts";
import { factsOf } from "./token-endpoint.ts";
import { HandClock, world } from "./world.fixture.ts";

const CLIENT = "client-1";
const BACK = "http://localhost:1455/auth/callback";
const plain: Fetch = (url, { method, headers, body, signal }) =>
  fetch(url, {
    ...(method ? { method } : {}),
    ...(headers ? { headers } : {}),
    ...(signal ? { signal } : {}),
    ...(typeof body === "string" ? { body } : {}),
  });
const io = { fetch: plain, clock: systemClock, random: systemRandom, env: {} };

async function place(t: TestContext, port = 0) {
  const server = await startAuthServer(CLIENT);
  t.after(() => server.close());
  const common = { provider: "acme", tokenUrl: `${server.origin}/token`, scope: "all", clientId: () => CLIENT };
  const browser: BrowserFlow = {
    ...common,
    kind: "browser",
    authorizeUrl: `${server.origin}/authorize`,
    redirectUri: `http://127.0.0.1:${port}/auth/callback`,
    gives: "tokens",
  };
  const device: DeviceFlow = {
    ...common,
    kind: "device",
    deviceUrl: `${server.origin}/device`,
    pkce: true,
    gives: "tokens",
  };
  return { server, browser, device };
}

/** FAKE of a person: does `act` with the address that is shown. */
function person(
  act: (address: string, type: (text: string) => void) => Promise<unknown>,
  remote = false,
): LoginUi & { readonly shown: string[] } {
  const shown: string[] = [];
  const typed: string[] = [];
  let wake = () => {};
  return {
    shown,
    remote,
    signal: new AbortController().signal,
    show(text) {
      shown.push(text);
      const address = /https?:\/\/\S+/.exec(text)?.[0];
      if (address)
        void act(address, (line) => {
          typed.push(line);
          wake();
        });
    },
    ask: async (_question, signal) => {
      if (typed.length === 0)
        await new Promise<void>((resolve, reject) => {
          wake = resolve;
          signal.addEventListener("abort", () => reject(signal.reason as Error), { once: true });
        });
      return typed.shift();
    },
  };
}

const ends = (code: string, text?: RegExp) => (error: unknown) =>
  error instanceof Fault && error.code === code && (text === undefined || text.test(error.message));

describe("a login in the browser", () => {
  it("comes back to this machine by itself", async (t) => {
    const { browser } = await place(t, 18_455);
    const tokens = await loginInBrowser(
      browser,
      io,
      person((address) => fetch(address)),
    );
    assert.match(tokens.access, /^access-/);
    assert.deepEqual(factsOf(tokens), { email: "me@example.com", accountId: "acct-1" });
  });

  it("can be pasted on a machine that the browser does not reach, and says what is no answer to it", async (t) => {
    const { browser } = await place(t, 18_456);
    const ui = person(async (address, type) => {
      const back = (await fetch(address, { redirect: "manual" })).headers.get("location") ?? "";
      type("what is this");
      type(back.replace(/state=[^&]+/, "state=another"));
      type(back);
    }, true);
    assert.match((await loginInBrowser(browser, io, ui)).access, /^access-/);
    assert.match(ui.shown.join("\n"), /no code in it[\s\S]*belongs to another login/);
  });

  it("ignores answers to other logins that come to its listener", async (t) => {
    const { browser } = await place(t, 18_457);
    const statuses: number[] = [];
    const ui = person(async (address) => {
      statuses.push((await fetch(`${browser.redirectUri}?code=stolen&state=other`)).status);
      statuses.push((await fetch("http://127.0.0.1:18457/elsewhere")).status);
      await fetch(address);
    });
    await loginInBrowser(browser, io, ui);
    assert.deepEqual(statuses, [400, 404]);
  });

  it("answers whatever is asked of its listener, in plain text, and takes one answer", async (t) => {
    const { browser } = await place(t, 18_459);
    const seen: { status: number; type: string; body: string }[] = [];
    let answers: Promise<unknown> = Promise.resolve();
    const raw = (path: string, method = "GET") =>
      new Promise<void>((resolve) => {
        const socket = connect(18_459, "127.0.0.1", () => socket.end(`${method} ${path} HTTP/1.1\r\nhost: x\r\n\r\n`));
        let text = "";
        socket.on("data", (data) => (text += String(data)));
        socket.on("error", () => resolve());
        socket.on("close", () => {
          const type = /content-type: ([^\r]+)/i.exec(text)?.[1] ?? "";
          seen.push({ status: Number(text.slice(9, 12)), type, body: text.split("\r\n\r\n")[1] ?? "" });
          resolve();
        });
      });
    const ui = person(async (address) => {
      for (const path of ["//", "///x", "/\\\\evil.test", "/%", "http://[", "*", "/auth/callback?state=%ff"])
        await raw(path);
      await raw("/auth/callback?state=x&error=<script>alert(1)</script>");
      await raw("/auth/callback", "POST");
      const back = new URL((await fetch(address, { redirect: "manual" })).headers.get("location") ?? "");
      answers = Promise.all([raw(`${back.pathname}${back.search}`), raw(`${back.pathname}${back.search}`)]);
      await answers;
    });
    await loginInBrowser(browser, io, ui);
    await answers;
    assert.equal(seen.filter(({ status }) => status === 200).length, 1);
    for (const { body, type } of seen) {
      assert.ok(!body.includes("<script"), body);
      if (type !== "") assert.equal(type, "text/plain; charset=utf-8");
    }
    await assert.rejects(fetch("http://127.0.0.1:18459/auth/callback"), "nobody listens any more");
  });

  it("listens on this machine alone", async (t) => {
    const { browser } = await place(t, 18_460);
    const outside = Object.values(networkInterfaces())
      .flat()
      .find((one) => one?.family === "IPv4" && !one.internal)?.address;
    const ui = person(async (address) => {
      if (outside) await assert.rejects(fetch(`http://${outside}:18460/auth/callback`));
      await fetch(address);
    });
    await loginInBrowser(browser, io, ui);
  });

  it("can be pasted when another login has the port, and neither takes the answer of the other", async (t) => {
    const { browser } = await place(t, 18_461);
    let second: Promise<unknown> = Promise.resolve();
    const ui = person(async (address) => {
      const other = person(async (its, type) => {
        const back = (await fetch(its, { redirect: "manual" })).headers.get("location") ?? "";
        assert.equal((await fetch(back)).status, 400, "the listener belongs to the first");
        type(back);
      });
      second = loginInBrowser(browser, io, other);
      await second;
      await fetch(address);
    });
    assert.match((await loginInBrowser(browser, io, ui)).access, /^access-/);
    assert.match(((await second) as { access: string }).access, /^access-/);
  });

  it("fails when its code was used before", async (t) => {
    const { browser, server } = await place(t, 18_458);
    const ui = person(async (address, type) => {
      const back = (await fetch(address, { redirect: "manual" })).headers.get("location") ?? "";
      const code = new URL(back).searchParams.get("code") ?? "";
      const stolen = new URLSearchParams({
        grant_type: "authorization_code",
        client_id: CLIENT,
        redirect_uri: browser.redirectUri,
        code,
        code_verifier: "guess",
      });
      assert.equal((await fetch(`${server.origin}/token`, { method: "POST", body: stolen })).status, 400);
      type(back);
    }, true);
    await assert.rejects(loginInBrowser(browser, io, ui), ends("LOGIN_REFUSED", /invalid_grant/));
  });

  it("reads a code in every form in which people paste it", () => {
    const full = `${BACK}?code=abcdefgh&state=s`;
    const bare = full.replace("localhost", "127.0.0.1");
    for (const text of [
      full,
      bare,
      ` ${full} `,
      "code=abcdefgh&state=s",
      "?state=s&code=abcdefgh",
      "abcdefgh#s",
      "abcdefgh",
    ])
      assert.deepEqual(pastedCode(text, "s", BACK), { code: "abcdefgh" }, text);
    for (const text of ["", "hello world", "http://localhost/?state=s", "abcdefgh#t", "code=abcdefgh&state=t"])
      assert.ok("problem" in pastedCode(text, "s", BACK), text);
  });

  for (const [what, address] of [
    ["of another company", "http://localhost:3000/callback?code=abcdefgh&state=s"],
    ["of another host", "https://evil.test:1455/auth/callback?code=abcdefgh&state=s"],
    ["without the state of this login", `${BACK}?code=abcdefgh`],
    ["with an empty state", `${BACK}?code=abcdefgh&state=`],
    ["that is no web page", "file:///auth/callback?code=abcdefgh&state=s"],
  ] as const)
    it(`does not send the code of an address ${what} to this one`, () => {
      assert.ok("problem" in pastedCode(address, "s", BACK));
    });
});

describe("a login with a code", () => {
  it("waits for the person, more slowly when it is told to", async (t) => {
    const { device, server } = await place(t);
    server.polls.push("slow_down", "authorization_pending");
    const clock = new HandClock();
    const ui = person(async () => undefined);
    const show = ui.show.bind(ui);
    const begun = clock.mono;
    const told = {
      ...ui,
      show: (text: string) => (show(text), server.decide(/code: (\S+)/.exec(text)?.[1] ?? "", "yes")),
    };
    assert.match((await loginWithCode(device, { ...io, clock }, told)).access, /^access-/);
    assert.equal(clock.mono - begun, 1000 + 6000 + 6000);
  });

  for (const [title, poll, answer, code] of [
    ["is over when it has expired", "expired_token", "yes", "LOGIN_ENDED"],
    ["fails when the person says no", undefined, "no", "LOGIN_REFUSED"],
  ] as const) {
    it(title, async (t) => {
      const { device, server } = await place(t);
      if (poll) server.polls.push(poll);
      const ui = person(async () => undefined);
      const told = { ...ui, show: (text: string) => server.decide(/code: (\S+)/.exec(text)?.[1] ?? "", answer) };
      await assert.rejects(loginWithCode(device, { ...io, clock: new HandClock() }, told), ends(code));
    });
  }
});

describe("a token that has expired", () => {
  const store = (expires: number) => ({
    profiles: {
      "acme:me": { type: "oauth", provider: "acme", access: "old", refresh: "first-refresh", expires, note: "kept" },
    },
  });

  it("is renewed once for many runs in two processes, and kept with everything else", async (t) => {
    const { server, browser } = await place(t);
    const made = await world(t, { store: store(5), fetch: plain, flows: [browser] });
    const other = await made.second();
    const all = await Promise.all(
      [made.models, other, made.models, other, made.models].map((models) => models.resolve("acme/m1", made.config)),
    );
    assert.equal(new Set(all.map(({ apiKey }) => apiKey)).size, 1);
    assert.equal(server.asked.length, 1);
    assert.deepEqual(server.reused, []);
    const kept = made.read().profiles["acme:me"];
    assert.equal(kept?.["note"], "kept");
    assert.equal(kept?.["access"], all[0]?.apiKey);
    assert.notEqual(kept?.["refresh"], "first-refresh");
  });

  it("stays as it is when it cannot be renewed, says how to log in again, and is not asked for at once", async (t) => {
    const { server, browser } = await place(t);
    server.refuseRefresh = "revoked";
    const made = await world(t, { store: store(5), fetch: plain, flows: [browser] });
    await assert.rejects(made.models.resolve("acme/m1", made.config), (error: unknown) => {
      assert.ok(error instanceof Fault);
      assert.equal(error.message, "OAuth token refresh failed for acme: revoked.");
      assert.match(error.remedy, /openclaw models auth login --provider acme/);
      return true;
    });
    assert.equal(made.read().profiles["acme:me"]?.["refresh"], "first-refresh");
    await assert.rejects(made.models.resolve("acme/m1", made.config), ends("PROFILES_UNAVAILABLE"));
    assert.equal(server.asked.length, 1);
  });

  it("is used and kept in memory while the disk is full, and written as soon as there is room", async (t) => {
    const { server, browser } = await place(t);
    const made = await world(t, { store: store(5), fetch: plain, flows: [browser] });
    const clock = made.clock;
    const shelf = new Shelf({ dir: dirname(made.path()), clock, log: quietLog }, () => assert.fail("no failures"));
    const update = shelf.file.update.bind(shelf.file);
    const full = async () => Promise.reject(errors.AUTH_STORE_UNWRITABLE({ path: "x", reason: "no space" }));
    shelf.file.update = full;
    const platform = { clock, env: {}, fetch: plain, log: quietLog };
    const renew = makeRenew({ platform, flows: async () => [browser] } as never);
    const asked = async () => {
      const profile = (await shelf.file.fresh()).profiles.get("acme:me");
      return renew({ profile: profile!, shelf, provider: "acme", refused: false });
    };
    const first = await asked();
    assert.match(first.secret ?? "", /^access-/);
    assert.equal((await asked()).secret, first.secret);
    assert.equal(server.asked.length, 1, "a refresh token is used once");
    assert.equal(made.read().profiles["acme:me"]?.["refresh"], "first-refresh");
    shelf.file.update = update;
    assert.equal((await asked()).secret, first.secret);
    assert.equal(made.read().profiles["acme:me"]?.["access"], first.secret);
    assert.equal(made.read().profiles["acme:me"]?.["refresh"], first.refresh);
    assert.equal(made.read().profiles["acme:me"]?.["note"], "kept");
    assert.deepEqual([server.asked.length, server.reused], [1, []]);
  });

  it("is not used up where its folder cannot be written", async (t) => {
    const { server, browser } = await place(t);
    const made = await world(t, { store: store(5), fetch: plain, flows: [browser] });
    const name = createHash("sha256").update("acme:me").digest("hex").slice(0, 16);
    mkdirSync(made.path(`.oauth-${name}.lock`)); // Nobody gets this lock, as on a disk that takes no files.
    made.clock.pass(200_000);
    await assert.rejects(made.models.resolve("acme/m1", made.config), ends("OAUTH_REFRESH_FAILED"));
    assert.equal(server.asked.length, 0);
    assert.equal(made.read().profiles["acme:me"]?.["refresh"], "first-refresh");
  });

  it("is renewed at once when the process that was at it has died", async (t) => {
    const { server, browser } = await place(t);
    const made = await world(t, { store: store(5), fetch: plain, flows: [browser] });
    const name = createHash("sha256").update("acme:me").digest("hex").slice(0, 16);
    const dead = spawnSync(process.execPath, ["-e", ""]).pid;
    writeFileSync(made.path(`.oauth-${name}.lock`), `${dead} 1 ${hostname()}\n`);
    writeFileSync(made.path("auth-profiles.json.lock"), `${dead} 1 ${hostname()}\n`);
    assert.match((await made.models.resolve("acme/m1", made.config)).apiKey ?? "", /^access-/);
    assert.equal(server.asked.length, 1);
  });

  for (const [what, access] of [
    ["a line break", "good\r\nx-evil: 1"],
    ["a space", "good token"],
    ["a character that no header takes", "gööd-‮token"],
  ] as const)
    it(`is not replaced by a token with ${what}`, async (t) => {
      const { browser } = await place(t);
      const answer = async () => Response.json({ access_token: access, refresh_token: "next", expires_in: 10 });
      const made = await world(t, { store: store(5), fetch: answer as never, flows: [browser] });
      await assert.rejects(made.models.resolve("acme/m1", made.config), (error: unknown) => {
        assert.ok(error instanceof Fault && error.code === "OAUTH_REFRESH_FAILED");
        assert.ok(!error.message.includes(access));
        return true;
      });
      assert.equal(made.read().profiles["acme:me"]?.["refresh"], "first-refresh");
    });

  it("may be said to last for ever", async (t) => {
    const { browser } = await place(t);
    const answer = async () => Response.json({ access_token: "good-token", refresh_token: "n", expires_in: 1e300 });
    const made = await world(t, { store: store(5), fetch: answer as never, flows: [browser] });
    assert.equal((await made.models.resolve("acme/m1", made.config)).apiKey, "good-token");
    assert.ok(!Number.isNaN(new Date(Number(made.read().profiles["acme:me"]?.["expires"])).getTime()));
    made.write({ profiles: { "acme:me": { ...store(1e300).profiles["acme:me"] } } });
    await assert.doesNotReject(made.models.loginReport(made.config));
    assert.equal((await made.models.resolve("acme/m1", made.config)).apiKey, "old");
  });

  it("says in one plain line why it was not renewed", async (t) => {
    const { browser } = await place(t);
    const told = "\u001b[2J\u001b]0;owned\u0007\nline two \u202eevil " + "x".repeat(5000);
    const answer = async () => Response.json({ error: "invalid_grant", error_description: told }, { status: 400 });
    const made = await world(t, { store: store(5), fetch: answer as never, flows: [browser] });
    await assert.rejects(made.models.resolve("acme/m1", made.config), ({ message }: Error) => {
      assert.match(message, /line two/);
      return message.length < 400 && !/[\p{Cc}\u202e]/u.test(message);
    });
  });

  it("is renewed once when it is refused before its time", async (t) => {
    const { browser } = await place(t);
    const made = await world(t, { store: store(9e15), fetch: plain, flows: [browser] });
    const first = await made.models.resolve("acme/m1", made.config);
    const next = await made.models.after(first, { class: "auth", message: "no" }, made.config);
    assert.match(next?.apiKey ?? "", /^access-/);
    assert.equal(await made.models.after(next!, { class: "auth", message: "no" }, made.config), undefined);
  });
});
