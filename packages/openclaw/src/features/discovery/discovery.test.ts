import assert from "node:assert/strict";
import { test } from "node:test";
import { Scope } from "../../base/scope.ts";
import { systemClock } from "../../base/time.ts";
import type { Log } from "../../base/log.ts";
import type { Platform } from "../../contracts/service.ts";
import type { ConfigSnapshot } from "../config/index.ts";
import { announce } from "./_announce.ts";
import { discover } from "./_discover.ts";
import type { Network, Question } from "./_network.ts";
import type { Answer } from "./_records.ts";

/** A FAKE network in memory: everybody hears everybody. */
function air() {
  const questions = new Set<(all: readonly Question[]) => void>();
  const answers = new Set<(all: readonly Answer[]) => void>();
  const said: Answer[][] = [];
  return {
    said,
    join: async (): Promise<Network> => ({
      ask: (question) => questions.forEach((listen) => listen([question])),
      tell: async (all) => {
        said.push([...all]);
        answers.forEach((listen) => listen(all));
      },
      onQuestion: (listen) => void questions.add(listen),
      onAnswers: (listen) => void answers.add(listen),
      onTrouble: () => {},
      close: () => {},
    }),
  };
}

const warnings: string[] = [];
const log = { info() {}, warn: (text: string) => void warnings.push(text), for: () => log } as unknown as Log;
const quick = { ...systemClock, sleep: () => Promise.resolve() };
const platform = (env: Record<string, string> = {}) =>
  ({ clock: quick, env, log, paths: { home: "/h", state: "/h", config: "/h/c" } }) as unknown as Platform;
const config = (mode: string) => ({ at: () => mode }) as unknown as ConfigSnapshot;
const what = { port: 18_789, addresses: ["192.168.1.20"], tlsFingerprint: "ab12" };

test("a gateway that announces itself is found, and says farewell when it ends", async () => {
  const network = air();
  const scope = new Scope(systemClock, "test");
  const announced = announce(what, { platform: platform(), config: config("minimal"), scope, open: network.join });
  const [beacon] = await discover(await network.join(), quick, 100);
  assert.equal(beacon?.wsUrl, "wss://192.168.1.20:18789");
  assert.equal(beacon?.tlsFingerprint, "ab12");
  await scope.close();
  await announced;
  assert.ok(network.said.at(-1)?.every(({ ttl }) => ttl === 0));
});

test("where the program lies and SSH are told only when the owner asks for it", async () => {
  const told = async (mode: string) => {
    const network = air();
    const scope = new Scope(systemClock, "test");
    void announce(what, { platform: platform(), config: config(mode), scope, open: network.join });
    const [beacon] = await discover(await network.join(), quick, 100);
    await scope.close();
    return Object.keys(beacon?.txt ?? {});
  };
  const minimal = await told("minimal");
  assert.ok(!minimal.includes("cliPath") && !minimal.includes("sshPort"));
  const full = await told("full");
  assert.ok(full.includes("cliPath") && full.includes("sshPort"));
});

test("nothing is announced when it is off, forbidden, or when nobody could connect", async () => {
  const silent = async (mode: string, env: Record<string, string>, addresses: readonly string[]) => {
    const network = air();
    const scope = new Scope(systemClock, "test");
    await announce(
      { ...what, addresses },
      { platform: platform(env), config: config(mode), scope, open: network.join },
    );
    return network.said.length;
  };
  assert.equal(await silent("off", {}, what.addresses), 0);
  assert.equal(await silent("minimal", { OPENCLAW_DISABLE_BONJOUR: "1" }, what.addresses), 0);
  assert.equal(await silent("minimal", {}, []), 0);
});

test("a network that refuses is tried a few times, reported, and given up", async () => {
  warnings.length = 0;
  const scope = new Scope(systemClock, "test");
  const open = () => Promise.reject(new Error("no multicast here"));
  await announce(what, { platform: platform(), config: config("minimal"), scope, open });
  assert.equal(warnings.length, 5);
  assert.match(warnings[0] ?? "", /bonjour: advertise failed: no multicast here/);
});
