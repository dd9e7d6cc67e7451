import { test } from "node:test";
import assert from "node:assert/strict";
import type { ChatCommandCall } from "../../../contracts/chat.ts";
import type { Token } from "../../../contracts/service.ts";
import { Lanes, Sessions } from "../_service-tokens.ts";
import { queue } from "./command.ts";
import { queueSettings } from "./settings.ts";

/** A session that remembers what is set. Fake. */
function session(entry: Record<string, unknown> = {}) {
  const services = new Map<unknown, unknown>([
    [
      Sessions,
      {
        ensure: async () => undefined,
        patch: async (_key: string, { set }: { set: Record<string, unknown> }) => {
          for (const [name, value] of Object.entries(set))
            if (value === null) delete entry[name];
            else entry[name] = value;
        },
      },
    ],
    [Lanes, { depth: () => 2, queueSettings: async () => queueSettings(undefined, "sim", entry) }],
  ]);
  const call = {
    use: async (token: Token<unknown>) => services.get(token),
    sessionKey: "agent:main:main",
    address: { channel: "sim" },
  };
  const type = (rest: string) => queue.run({ ...call, rest } as unknown as ChatCommandCall);
  return { entry, type };
}

test("alone it shows what holds, how many wait, and what there is", async () => {
  const { reply, choices } = (await session({ queueMode: "steer" }).type("")) ?? {};
  assert.match(reply ?? "", /^⚙️ Queue: steer · debounce 1 s · cap 20 · drop summarize\.\nWaiting now: 2\./);
  assert.deepEqual(choices?.[0]?.[0], { value: "/queue collect", label: "collect" });
});

test("mode and options are kept for the session, in any order; a bare time is milliseconds", async () => {
  for (const [typed, kept] of [
    [
      "steer+backlog debounce:2s cap:5 drop:old",
      { queueMode: "steer-backlog", queueDebounceMs: 2000, queueCap: 5, queueDrop: "old" },
    ],
    ["cap:3 interrupt", { queueMode: "interrupt", queueCap: 3 }],
    ["debounce:250", { queueDebounceMs: 250 }],
    ["FOLLOWUP", { queueMode: "followup" }],
  ] as const) {
    const { entry, type } = session();
    await type(typed);
    assert.deepEqual(entry, kept, typed);
  }
});

test("default and reset clear everything", async () => {
  for (const word of ["default", "reset"]) {
    const { entry, type } = session({ queueMode: "steer", queueCap: 3, label: "stays" });
    assert.match((await type(word))?.reply ?? "", /back to the default: collect/);
    assert.deepEqual(entry, { label: "stays" });
  }
});

test("what cannot be read changes nothing and says what there is", async () => {
  for (const typed of ["fast", "steer debounce:soon", "steer cap:0", "collect drop:all", "debounce:9d"]) {
    const { entry, type } = session();
    await assert.rejects(type(typed), /Unrecognized queue/);
    assert.deepEqual(entry, {}, typed);
  }
});

test("inside a message it holds for that message only, and takes no more than its own words", async () => {
  const { takes, forTurn } = queue.directive!;
  for (const [text, taken] of [
    ["steer fix the second point", "steer"],
    ["steer+backlog and more", "steer+backlog"],
    ["collect debounce:2s cap:3 hello", "collect debounce:2s cap:3"],
    ["collection of stamps", undefined],
    ["hello", undefined],
  ] as const)
    assert.equal((takes as RegExp).exec(text)?.[0], taken, text);
  assert.deepEqual(await forTurn({ rest: "interrupt cap:3" } as ChatCommandCall), { queue: "interrupt" });
  assert.equal(await forTurn({ rest: "default" } as ChatCommandCall), undefined);
});
