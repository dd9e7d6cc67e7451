import assert from "node:assert/strict";
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
import type { BrowserFlow, DeviceFlow } from "./flow.ts";
import { factsOf } from "./token-endpoint.ts";
import { HandClock, world } from "./world.fixture.ts";

const CLIENT = "client-1";
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
      if (address) void act(address, (line) => void (typed.push(line), wake()));
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
    const full = "http://localhost:1455/auth/callback?code=abcdefgh&state=s";
    for (const text of [full, ` ${full} `, "code=abcdefgh&state=s", "?state=s&code=abcdefgh", "abcdefgh#s", "abcdefgh"])
      assert.deepEqual(pastedCode(text, "s"), { code: "abcdefgh" }, text);
    for (const text of ["", "hello world", "http://localhost/?state=s", "abcdefgh#t", "code=abcdefgh&state=t"])
      assert.ok("problem" in pastedCode(text, "s"), text);
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

  it("is renewed once when it is refused before its time", async (t) => {
    const { browser } = await place(t);
    const made = await world(t, { store: store(9e15), fetch: plain, flows: [browser] });
    const first = await made.models.resolve("acme/m1", made.config);
    const next = await made.models.after(first, { class: "auth", message: "no" }, made.config);
    assert.match(next?.apiKey ?? "", /^access-/);
    assert.equal(await made.models.after(next!, { class: "auth", message: "no" }, made.config), undefined);
  });
});
