import assert from "node:assert/strict";
import { test } from "node:test";
import type { MenuCommand } from "openclaw/sdk";
import { makeCore, newDurable, until } from "../../test/conformance/channelWorld.ts";
import { FakeTelegram } from "../../test/fakes/telegram.ts";
import { keyboardOf } from "./_buttons.ts";
import { menuOf } from "./_menu.ts";
import channel from "./index.ts";

const native = (name: string): MenuCommand => ({ name, description: `Does ${name}`, source: "native" });
const skill = (name: string): MenuCommand => ({ ...native(name), source: "skill" });
const names = (menu: ReturnType<typeof menuOf>) => menu.entries.map(({ command }) => command);

test("the menu is what the core offers, then what the operator added", () => {
  const menu = menuOf([native("help"), skill("weather")], [{ command: "/Backup", description: "Save all" }]);
  assert.deepEqual(menu, {
    entries: [
      { command: "help", description: "Does help" },
      { command: "weather", description: "Does weather" },
      { command: "backup", description: "Save all" },
    ],
    notes: [],
  });
});

test("what the operator added replaces nothing, and what Telegram does not take is left out", () => {
  const menu = menuOf(
    [native("help"), native("export-session")],
    [
      { command: "help", description: "Mine" },
      { command: "a b", description: "x" },
      { command: "twice", description: "x" },
      { command: "twice", description: "y" },
    ],
  );
  assert.deepEqual(names(menu), ["help", "twice"]);
  assert.equal(menu.notes.length, 4);
});

test("of more than a hundred, skills go first, then what the operator added", () => {
  const many = (n: number, prefix: string) => Array.from({ length: n }, (_, i) => `${prefix}${i}`);
  const custom = many(30, "c").map((command) => ({ command, description: "x" }));
  const menu = menuOf([...many(80, "n").map(native), ...many(40, "s").map(skill)], custom);
  assert.equal(menu.entries.length, 100);
  assert.deepEqual(
    ["n", "s", "c"].map((prefix) => names(menu).filter((name) => name.startsWith(prefix)).length),
    [80, 0, 20],
  );
  assert.match(menu.notes.join(), /BOT_COMMANDS_TOO_MUCH.*50 are left out/);
});

test("buttons whose text does not fit are left out", () => {
  const choices = [
    [
      { value: "/model 1", label: "one" },
      { value: `/${"x".repeat(64)}`, label: "long" },
    ],
    [],
  ];
  assert.deepEqual(keyboardOf({ choices }), { inline_keyboard: [[{ text: "one", callback_data: "/model 1" }]] });
  assert.equal(keyboardOf({}), undefined);
  assert.equal(keyboardOf({ choices: [[{ value: "", label: "nothing" }]] }), undefined);
});

async function connected(
  more: Readonly<Record<string, unknown>> = {},
  menu: readonly MenuCommand[] = [native("help")],
) {
  const fake = await FakeTelegram.start();
  const durable = newDurable();
  const core = makeCore(durable);
  core.menu = menu;
  const [account] = channel.accounts({ botToken: fake.token, apiRoot: fake.url, ...more }, {});
  assert.ok(account);
  const connection = await channel.open(account, core.link);
  return {
    fake,
    core,
    durable,
    connection,
    [Symbol.asyncDispose]: async () => {
      await connection.close();
      await fake.stop();
    },
  };
}

test("the menu is put in place once the bot is connected", async () => {
  await using world = await connected({ customCommands: [{ command: "backup", description: "Save all" }] });
  await until(() => world.fake.menu !== undefined, "the menu");
  assert.deepEqual(
    world.fake.menu?.map(({ command }) => command),
    ["help", "backup"],
  );
});

test("without commands an earlier menu is taken away", async () => {
  await using world = await connected({}, []);
  await until(() => world.fake.menu !== undefined, "the menu");
  assert.deepEqual(world.fake.menu, []);
  assert.equal(world.fake.calls.filter(({ method }) => method === "setMyCommands").length, 0);
});

test("a menu that is refused is logged, and messages arrive all the same", async () => {
  const fake = await FakeTelegram.start();
  fake.mishap = ({ method }) =>
    method === "setMyCommands" ? { error_code: 400, description: "Bad Request: BOT_COMMANDS_TOO_MUCH" } : undefined;
  const durable = newDurable();
  const core = makeCore(durable);
  core.menu = [native("help")];
  const [account] = channel.accounts({ botToken: fake.token, apiRoot: fake.url }, {});
  assert.ok(account);
  const connection = await channel.open(account, core.link);
  await until(() => core.logged.some((line) => line.includes("setMyCommands failed")), "logged");
  assert.equal(core.logged.join().includes(fake.token), false);
  fake.inject({ chat: 1, text: "hi" });
  await until(() => durable.stored.size === 1, "stored");
  await connection.close();
  await fake.stop();
});

test("a tap is answered at once and arrives as what stands in the button", async () => {
  await using world = await connected();
  await world.connection.send({
    key: "k",
    address: { channel: "telegram", account: "default", kind: "direct", chat: "42" },
    text: "How hard?",
    choices: [[{ value: "/think high", label: "high" }]],
    maybeRepeated: false,
  });
  const id = world.fake.tap(42, "high");
  await until(() => world.durable.stored.size === 1, "stored");
  await until(() => world.fake.answeredTaps.includes(id), "answered");
  const [envelope] = world.durable.stored.values();
  assert.deepEqual(envelope?.parts, [{ type: "text", text: "/think high" }]);
});

test("where buttons are switched off there are none", async () => {
  await using world = await connected({ capabilities: { inlineButtons: "off" } });
  await world.connection.send({
    key: "k",
    address: { channel: "telegram", account: "default", kind: "direct", chat: "42" },
    text: "How hard?",
    choices: [[{ value: "/think high", label: "high" }]],
    maybeRepeated: false,
  });
  assert.equal(world.fake.sent[0]?.params["reply_markup"], undefined);
});
