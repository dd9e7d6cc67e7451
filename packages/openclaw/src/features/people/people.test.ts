import assert from "node:assert/strict";
import { mkdtemp, readFile, rm, stat, writeFile, mkdir } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test, type TestContext } from "node:test";
import { systemRandom } from "../../base/ids.ts";
import { systemClock } from "../../base/time.ts";
import type { Channel, ChannelAccount } from "../../contracts/channel.ts";
import type { Envelope } from "../../contracts/envelope.ts";
import { createPeople } from "./_people.ts";

const channel = {
  id: "telegram",
  aliases: ["tg"],
  label: "Telegram",
  capabilities: { pairing: true },
  normalizeSender: (raw: string) => raw.toLowerCase(),
} as unknown as Channel;
const account = (more: Partial<ChannelAccount> = {}) =>
  ({ id: "default", dmPolicy: "pairing", allowFrom: [], ...more }) as unknown as ChannelAccount;

let message = 0;
function from(id: string, more: Partial<Envelope> = {}): Envelope {
  message += 1;
  return {
    nativeId: `m${message}`,
    address: { channel: "telegram", account: "default", kind: "direct", chat: id },
    from: { id, name: "Ada" },
    parts: [{ type: "text", text: "hi" }],
    at: 0,
    ...more,
  };
}

async function setUp(context: TestContext, owners: readonly string[] = []) {
  const state = await mkdtemp(join(tmpdir(), "people-"));
  context.after(() => rm(state, { recursive: true }));
  let now = 1_700_000_000_000;
  const clock = { ...systemClock, now: () => now };
  const open = () =>
    createPeople({
      platform: { clock, random: systemRandom, paths: { home: state, state, config: "" } },
      configuredOwners: () => owners,
    });
  return { state, open, people: open(), pass: (ms: number) => void (now += ms) };
}

test("a stranger is told one code, and nothing more within the hour, across restarts", async (context) => {
  const { people, open, pass } = await setUp(context);
  const first = await people.admit(from("42"), channel, account());
  assert.equal(first.verdict, "pair");
  assert.match(
    first.verdict === "pair" ? (first.reply ?? "") : "",
    /openclaw pairing approve telegram [A-HJ-NP-Z2-9]{8}`$/,
  );
  const again = await open().admit(from("42"), channel, account());
  assert.deepEqual(again, { verdict: "pair", reason: "pairing:waiting" });
  pass(3_600_001);
  const later = await open().admit(from("42"), channel, account());
  assert.equal(later.verdict === "pair" && later.reply !== undefined, true);
});

test("the message that asked gets its answer again when it is handled again after a crash", async (context) => {
  const { people, open } = await setUp(context);
  const asking = from("42");
  assert.deepEqual(await people.admit(asking, channel, account()), await open().admit(asking, channel, account()));
});

test("a fourth stranger hears nothing until a place is free", async (context) => {
  const { people } = await setUp(context);
  for (const id of ["1", "2", "3"])
    assert.equal((await people.admit(from(id), channel, account())).reason, "pairing:code-sent");
  assert.deepEqual(await people.admit(from("4"), channel, account({ id: "other" })), {
    verdict: "pair",
    reason: "pairing:full",
  });
  const [first] = await people.pairings("telegram");
  await people.approve("telegram", first?.code ?? "");
  assert.equal((await people.admit(from("4"), channel, account())).reason, "pairing:code-sent");
});

test("twenty strangers at once get three codes", async (context) => {
  const { people } = await setUp(context);
  const reasons = await Promise.all(
    Array.from({ length: 20 }, async (_, i) => (await people.admit(from(`s${i}`), channel, account())).reason),
  );
  assert.equal(reasons.filter((reason) => reason === "pairing:code-sent").length, 3);
});

test("the first approved person becomes the owner, the next a member", async (context) => {
  const { people, open, state } = await setUp(context);
  for (const id of ["1", "2"]) await people.admit(from(id), channel, account());
  const cli = open();
  for (const { code } of await cli.pairings())
    await cli.approve(undefined, ` ${code.slice(0, 4).toLowerCase()}-${code.slice(4)} `);
  const [one, two] = await Promise.all(["1", "2"].map((id) => people.admit(from(id), channel, account())));
  assert.equal(one?.verdict === "allow" && one.principal.role, "owner");
  assert.equal(two?.verdict === "allow" && two.principal.role, "member");
  assert.deepEqual(one?.verdict === "allow" && one.principal.id, "telegram:default:1");
  assert.equal((await stat(join(state, "credentials", "telegram-allowFrom.json"))).mode & 0o777, 0o600);
  assert.equal((await stat(join(state, "credentials"))).mode & 0o777, 0o700);
});

test("with an owner in the configuration the first approval makes a member", async (context) => {
  const { people } = await setUp(context, ["telegram:99"]);
  await people.admit(from("1"), channel, account());
  await people.approve("telegram", (await people.pairings())[0]?.code ?? "");
  const admission = await people.admit(from("1"), channel, account());
  assert.equal(admission.verdict === "allow" && admission.principal.role, "member");
});

test("an account knows only the people approved for it", async (context) => {
  const { people } = await setUp(context);
  await people.admit(from("1"), channel, account());
  await people.approve("telegram", (await people.pairings())[0]?.code ?? "");
  assert.equal((await people.admit(from("1"), channel, account({ id: "work" }))).verdict, "pair");
});

test("an unknown or expired code is refused", async (context) => {
  const { people, pass } = await setUp(context);
  await assert.rejects(people.approve("telegram", "ABCDEFGH"), { code: "PAIRING_CODE_UNKNOWN" });
  await people.admit(from("1"), channel, account());
  const [request] = await people.pairings();
  pass(3_600_001);
  await assert.rejects(people.approve("telegram", request?.code ?? ""), { code: "PAIRING_CODE_UNKNOWN" });
});

test("opening a bot's chat asks for nothing; the next message does", async (context) => {
  const { people } = await setUp(context);
  assert.deepEqual(await people.admit(from("1", { gesture: true }), channel, account()), {
    verdict: "ignore",
    reason: "pairing:gesture",
  });
  assert.equal((await people.admit(from("1"), channel, account())).reason, "pairing:code-sent");
});

test("fields that this version does not know survive", async (context) => {
  const { people, state } = await setUp(context);
  await mkdir(join(state, "credentials"));
  await writeFile(
    join(state, "credentials", "telegram-allowFrom.json"),
    JSON.stringify({ version: 1, allowFrom: ["7"], note: "kept" }),
  );
  await people.admit(from("1"), channel, account());
  await people.approve("telegram", (await people.pairings())[0]?.code ?? "");
  assert.deepEqual(JSON.parse(await readFile(join(state, "credentials", "telegram-allowFrom.json"), "utf8")), {
    version: 1,
    allowFrom: ["7", "1"],
    note: "kept",
  });
});

test("a damaged file lets nobody in but those whom the configuration names", async (context) => {
  const { people, state } = await setUp(context);
  await mkdir(join(state, "credentials"));
  await writeFile(join(state, "credentials", "telegram-allowFrom.json"), "{");
  await assert.rejects(people.admit(from("1"), channel, account()), { code: "PEOPLE_FILE_DAMAGED" });
  assert.equal((await people.admit(from("1"), channel, account({ allowFrom: ["1"] }))).verdict, "allow");
});

test("groups and bots are ignored with their reason", async (context) => {
  const { people } = await setUp(context);
  const group = from("1", { address: { channel: "telegram", account: "default", kind: "group", chat: "-1" } });
  assert.deepEqual(await people.admit(group, channel, account({ allowFrom: ["1"] })), {
    verdict: "ignore",
    reason: "groups:not-supported-yet",
  });
  assert.deepEqual(await people.admit(from("1", { from: { id: "1", isBot: true } }), channel, account()), {
    verdict: "ignore",
    reason: "sender:bot",
  });
});
