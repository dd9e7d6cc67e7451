/** The configuration file changed under a running gateway. */
import { test } from "node:test";
import assert from "node:assert/strict";
import { FakeTelegram } from "../fakes/telegram.ts";
import { freePort, login } from "../harness/gateway.ts";
import type { Running } from "../harness/gateway.ts";
import { pause, until, withGateway } from "./_configured.ts";

interface Ended {
  readonly status: string;
  readonly result: { readonly meta: { readonly agentMeta: { readonly provider: string } } };
}

let questions = 0;
async function ask({ client }: Pick<Running, "client">, message: string): Promise<Ended> {
  const idempotencyKey = String((questions += 1));
  return (await client.request("agent", { message, idempotencyKey }, { expectFinal: true })) as Ended;
}

test("another model in the file answers the next message; the run under way keeps its own", () =>
  withGateway(
    async ({ running, change }) => {
      const changed = new Promise<void>((resolve) => running.client.on("config.changed", () => resolve()));
      const underWay = ask(running, "slowly");
      await pause(200);
      change(({ agents }) => (agents.defaults.model.primary = "offline/assistant"));
      await changed;
      const next = await ask(running, "hello");
      assert.equal(next.result.meta.agentMeta.provider, "offline");
      assert.equal((await underWay).result.meta.agentMeta.provider, "fake");
    },
    { script: { text: Array.from({ length: 20 }, (_, at) => `word ${at} `), everyMs: 60 }, overlay: { session: {} } },
  ));

test("an invalid file is put back, kept aside, and the next turn of the main session is told", () =>
  withGateway(async ({ running, text, write, names, log, asked }) => {
    const before = text();
    await until("the file became the last good one", () => names().includes("openclaw.json.last-good"));
    write(before.replace('"agents"', '"agnets"'));
    await until("the file is back", () => text() === before);
    assert.equal(names().filter((name) => name.startsWith("openclaw.json.clobbered.")).length, 1);
    assert.equal((await ask(running, "hello")).status, "ok");
    assert.match(JSON.stringify(asked.at(-1)?.body), /Config recovery warning/);
    await until("the log names the key", () => /Rejected validation details: agnets/.test(log()));
    assert.match(log(), /config reload restored last-known-good config after invalid-config/);
  }));

test("another port in the file is where the gateway is found a moment later", () =>
  withGateway(async ({ place, running, change, log }) => {
    const port = await freePort();
    change(({ gateway }) => (gateway.port = port));
    await until("somebody can log in at the new port", async () => {
      const client = login({ ...place, port });
      return client
        .ready()
        .then(
          () => true,
          () => false,
        )
        .finally(() => client.close());
    });
    assert.match(log(), /restarting for gateway\.port/);
    running.client.close();
  }));

test("in mode hot the gateway stays where it is and names what waits", () =>
  withGateway(
    async ({ running, change, log }) => {
      change(({ gateway }) => (gateway.port += 1));
      await until("the log names gateway.port", () => log().includes("restart required for gateway.port"));
      assert.equal((await ask(running, "hello")).status, "ok");
    },
    { overlay: { gateway: { reload: { mode: "hot" } } } },
  ));

test("a file that is swapped, emptied, removed and broken all the time takes nothing down", () =>
  withGateway(async ({ running, text, write, data }) => {
    const before = text();
    for (let at = 0; at < 40; at += 1) {
      write(["{", "", before, "[]", "\u0000\uFFFD", before.slice(0, at * 9)][at % 6] ?? "");
      await pause(at % 11);
    }
    write(before);
    await pause(600);
    assert.equal((await ask(running, "hello")).status, "ok");
    assert.equal(data().gateway.mode, "local");
  }));

test("only the account that changed is connected again, and no message is lost or answered twice", async () => {
  const bots = await Promise.all([FakeTelegram.start(), FakeTelegram.start()]);
  const [one, two] = bots as [FakeTelegram, FakeTelegram];
  const account = ({ token, url }: FakeTelegram) => ({ botToken: token, apiRoot: url });
  const telegram = {
    dmPolicy: "open",
    allowFrom: ["*"],
    accounts: { one: account(one), two: account(two) },
  };
  const logins = (bot: FakeTelegram) => bot.calls.filter(({ method }) => method === "getMe").length;
  try {
    await withGateway(
      async ({ change }) => {
        await until("both poll", () => one.polling && two.polling);
        const before = [logins(one), logins(two)];
        for (let at = 0; at < 12; at += 1) {
          one.inject({ chat: 11, text: `question ${at} to one` });
          two.inject({ chat: 12, text: `question ${at} to two` });
          if (at % 4 === 1) change(({ channels }) => (channels.telegram.accounts["one"]!.name = `name ${at}`));
          await pause(150);
        }
        for (const bot of bots)
          await until("every message is answered", () => bot.sent.length >= 12 && bot.unconfirmed === 0, 40);
        await until("the first was connected again", () => logins(one) > (before[0] ?? 0));
        assert.equal(logins(two), before[1]);
        for (const bot of bots) {
          assert.deepEqual(bot.complaints, []);
          const texts = bot.sent.map(({ text }) => text);
          assert.equal(new Set(texts).size, 12, JSON.stringify(texts));
          assert.equal(texts.length, 12, JSON.stringify(texts));
        }
      },
      {
        overlay: { channels: { telegram }, messages: { queue: { mode: "followup", debounceMs: 0 } } },
        script: ({ body }) => {
          const messages = body["messages"] as { role: string; content: unknown }[];
          const question = /question \d+ to \w+/g;
          const last = JSON.stringify(messages.findLast(({ role }) => role === "user")?.content ?? "");
          return { text: [`answer to ${last.match(question)?.at(-1) ?? last}`] };
        },
      },
    );
  } finally {
    await Promise.all(bots.map((bot) => bot.stop()));
  }
});
