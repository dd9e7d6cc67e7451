import { readdirSync } from "node:fs";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import assert from "node:assert/strict";
import { Fault } from "../../base/errors.ts";
import type { Token } from "../../contracts/service.ts";
import { StoreToken } from "../../store/index.ts";
import { Sessions } from "../sessions/index.ts";
import type { OpenAiService } from "./index.ts";
import { services } from "./service.ts";
import { until } from "../../../../../test/harness/until.ts";

const DAY = 24 * 3_600_000;
const ID = "0b5c1f8a-3d6e-4c2b-9a10-7e5f4d3c2b1a";

/** FAKE of the session table, with a clock that is moved by hand. */
async function made(rows: Record<string, number>) {
  const folder = await mkdtemp(join(tmpdir(), "openai-service-"));
  const time = { now: 100 * DAY };
  const looks: number[] = [];
  const store = {
    sessions: {
      list: async ({ search, updatedBefore, limit }: { search: string; updatedBefore: number; limit: number }) => {
        looks.push(updatedBefore);
        const keys = Object.keys(rows).filter((key) => key.includes(search) && (rows[key] ?? 0) < updatedBefore);
        return { rows: keys.slice(0, limit).map((key) => ({ key })), total: keys.length };
      },
    },
  };
  const sessions = {
    delete: async (key: string) => {
      const path = join(folder, `${encodeURIComponent(key)}.deleted`);
      await writeFile(path, "what was said");
      delete rows[key];
      return { deleted: true, archived: [path] };
    },
  };
  const values = new Map<string, unknown>([
    [StoreToken.name, store],
    [Sessions.name, sessions],
  ]);
  const clock = { now: () => time.now, monotonic: () => time.now };
  const use = async <T>(token: Token<T>) => values.get(token.name) as T;
  const service = (await services[0]?.make({ use, platform: { clock } } as never)) as OpenAiService;
  return { service, rows, time, looks, folder, settle: () => new Promise((resolve) => setTimeout(resolve, 50)) };
}

test("sessions of single requests go after a day, with what was said; all others stay", async (t) => {
  const old = 98 * DAY;
  const world = await made({
    [`agent:main:openai:${ID}`]: old,
    [`agent:work:openresponses:${ID}`]: old,
    [`agent:main:openai:${ID.replace("0", "1")}`]: 99.5 * DAY,
    "agent:main:openai-user:ada": old,
    "agent:main:main": old,
    "agent:main:openai:mine": old,
    [`agent:main:notes:openai:${ID}`]: old,
  });
  t.after(() => rm(world.folder, { recursive: true, force: true }));
  world.service.tidy();
  const gone = [`agent:main:openai:${ID}`, `agent:work:openresponses:${ID}`];
  await until(() => !gone.some((key) => key in world.rows) && readdirSync(world.folder).length === 0);
  assert.deepEqual(
    Object.keys(world.rows).sort(),
    [
      "agent:main:main",
      "agent:main:notes:openai:0b5c1f8a-3d6e-4c2b-9a10-7e5f4d3c2b1a",
      `agent:main:openai:${ID.replace("0", "1")}`,
      "agent:main:openai-user:ada",
      "agent:main:openai:mine",
    ].sort(),
  );
});

test("it is looked for at most once an hour", async (t) => {
  const world = await made({});
  t.after(() => rm(world.folder, { recursive: true, force: true }));
  for (const minutes of [0, 1, 58, 1, 30]) {
    world.time.now += minutes * 60_000;
    world.service.tidy();
    await world.settle();
  }
  assert.equal(world.looks.length, 4); // two kinds of keys, twice
});

test("a thousand requests at once are enough; one that ends makes room", async (t) => {
  const { service, folder } = await made({});
  t.after(() => rm(folder, { recursive: true, force: true }));
  const leave = Array.from({ length: 1000 }, () => service.enter());
  assert.throws(
    () => service.enter(),
    (error) => error instanceof Fault && error.code === "API_TOO_MANY" && error.retryAfterMs === 5000,
  );
  leave[0]?.();
  service.enter();
});
