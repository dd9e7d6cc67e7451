import assert from "node:assert/strict";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, afterEach, beforeEach, describe, it } from "node:test";
import { MP3, MP4, PNG, startGeneration } from "../../../../../test/fakes/generation.ts";
import type { FakeGeneration } from "../../../../../test/fakes/generation.ts";
import { quietLog } from "../../../../../test/harness/log.ts";
import { until } from "../../../../../test/harness/until.ts";
import { createFetch } from "../../base/fetch.ts";
import { systemRandom } from "../../base/ids.ts";
import { systemClock } from "../../base/time.ts";
import type { ConfigSnapshot } from "../../contracts/config.ts";
import { SYSTEM } from "../../contracts/principal.ts";
import type { Principal } from "../../contracts/principal.ts";
import type { NewPost, NewTurn, TurnRow } from "../../store/index.ts";
import { Tasks } from "./_tasks/tasks.ts";
import type { TasksDeps } from "./_tasks/tasks.ts";
import type { Starting } from "./index.ts";

const SESSION = "agent:main:main";
const chat = { address: { channel: "telegram", account: "default", kind: "direct", chat: "7" } } as const;
const clock = { ...systemClock, sleep: (_ms: number, signal?: AbortSignal) => systemClock.sleep(1, signal) };
const home = mkdtempSync(join(tmpdir(), "openclaw-tasks-"));
after(() => rmSync(home, { recursive: true, force: true }));

/** FAKE of what a gateway remembers: it outlives the processes of a test, and turns and posts have their keys once. */
class Memory {
  readonly rows = new Map<string, string>();
  readonly turns = new Map<string, NewTurn>();
  readonly posts = new Map<string, NewPost>();
  /** What becomes of the turn that tells. */
  result: { status: "ok" | "error" | "aborted" } | undefined = { status: "ok" };
  /** The answer of that turn takes the file along. */
  sends = true;
  /** Called after every write of a task, with its stage: a process may end here. */
  wrote: (stage: string) => void = () => undefined;
  unreachable = false;
}

/** One life of a gateway over that memory. */
function life(memory: Memory, server: FakeGeneration): { tasks: Tasks; kill: () => void } {
  const end = new AbortController();
  const alive = <T>(value: T): T => {
    end.signal.throwIfAborted();
    return value;
  };
  const deps = {
    clock,
    platform: { clock, random: systemRandom },
    io: { fetch: createFetch({ clock: systemClock, log: quietLog }), uuid: () => "u" },
    home,
    folder: join(home, "generated"),
    log: quietLog,
    closing: end.signal,
    config: { current: () => config },
    models: {
      defaultRef: () => "offline/assistant",
      access: async (provider: string) => ({
        provider,
        baseUrl: `${server.url}/${provider}`,
        apiKey: "sk-fake-000000",
        headers: {},
        configured: true,
      }),
    },
    agents: { get: () => ({ workspace: home }) },
    store: {
      kv: {
        get: async (_space: string, key: string) => memory.rows.get(key),
        set: async (_space: string, key: string, value: string) => {
          alive(0);
          memory.rows.set(key, value);
          memory.wrote((JSON.parse(value) as { stage: string }).stage);
        },
        delete: async (_space: string, key: string) => void memory.rows.delete(key),
        list: async () => [...memory.rows].map(([key, value]) => ({ key, value })),
      },
      outbox: {
        find: async (keys: readonly string[]) =>
          memory.sends && memory.turns.size > 0 ? [{ key: keys[0], media: { path: "x" } }] : [],
        post: async (posts: readonly NewPost[]) => {
          alive(0);
          for (const post of posts) if (!memory.posts.has(post.key)) memory.posts.set(post.key, post);
        },
      },
    },
    lanes: {
      submit: async (turn: NewTurn) => {
        alive(0);
        if (memory.unreachable) throw new Error("no session");
        const created = !memory.turns.has(turn.id);
        memory.turns.set(turn.id, turn);
        return { created, turn };
      },
      wait: async (id: string): Promise<TurnRow | undefined> =>
        alive({ ...memory.turns.get(id), id, state: "done", result: memory.result } as unknown as TurnRow),
    },
    outbound: {
      answer: async (
        payloads: readonly { text: string; directions?: { media: readonly string[] } }[],
        _: unknown,
        options: { keyPrefix: string },
      ) =>
        payloads.map(({ text, directions }, i) => ({
          key: `${options.keyPrefix}:${i}`,
          text,
          media: directions?.media[0],
        })),
      wake: () => undefined,
    },
  };
  return { tasks: new Tasks(deps as unknown as TasksDeps), kill: () => end.abort(new Error("killed")) };
}

const config = {
  hash: "",
  root: {},
  section: () => ({}),
  at: () => undefined,
} as unknown as ConfigSnapshot;

const wish = (more: Partial<Starting> = {}): Starting => ({
  kind: "video",
  config,
  agentId: "main",
  sessionKey: SESSION,
  principal: SYSTEM,
  replyTo: chat,
  wishes: { prompt: "a storm" },
  references: [],
  model: "google",
  ...more,
});

let server: FakeGeneration;
let memory: Memory;
beforeEach(async () => {
  server = await startGeneration();
  memory = new Memory();
});
afterEach(() => server.close());

const rows = () => [...memory.rows.values()].map((row) => JSON.parse(row) as Record<string, unknown>);
const over = () => until(() => rows().length > 0 && rows().every(({ stage }) => stage === "over"));
const told = () => [...memory.turns.values()].map(({ text }) => text);

describe("work that goes on by itself", () => {
  it("is queued at once, made, and told to its session with the line that sends it", async () => {
    server.pending = 2;
    const { tasks } = life(memory, server);
    const begun = await tasks.start(wish());
    assert.deepEqual([begun.status, begun.fresh], ["queued", true]);
    await over();
    assert.equal(server.paid, 1);
    const path = /MEDIA:(\S+)/.exec(told()[0] ?? "")?.[1] ?? "";
    assert.deepEqual(readFileSync(path), MP4);
    assert.equal(memory.posts.size, 0);
    assert.equal((await tasks.status(SESSION, "video"))?.status, "succeeded");
  });

  it("is one of each kind in a session; another kind and another session have their own", async () => {
    server.pending = 1000;
    const { tasks, kill } = life(memory, server);
    const first = await tasks.start(wish());
    const again = await tasks.start(wish({ wishes: { prompt: "another" } }));
    assert.deepEqual([again.fresh, again.taskId], [false, first.taskId]);
    assert.ok((await tasks.start(wish({ kind: "music", model: "minimax" }))).fresh);
    assert.ok((await tasks.start(wish({ sessionKey: "agent:main:other" }))).fresh);
    kill();
  });

  it("two calls at the same moment are one", async () => {
    server.pending = 1000;
    const { tasks, kill } = life(memory, server);
    const both = await Promise.all([tasks.start(wish()), tasks.start(wish())]);
    assert.deepEqual(both.map(({ fresh }) => String(fresh)).toSorted(), ["false", "true"]);
    kill();
  });

  it("may be started again when it is over", async () => {
    const { tasks } = life(memory, server);
    await tasks.start(wish());
    await over();
    assert.ok((await tasks.start(wish())).fresh);
    await over();
    assert.equal(server.paid, 2);
  });

  it("of music comes from one long answer", async () => {
    const { tasks } = life(memory, server);
    await tasks.start(wish({ kind: "music", model: "minimax", wishes: { prompt: "a tune", instrumental: true } }));
    await over();
    const path = /MEDIA:(\S+)/.exec(told()[0] ?? "")?.[1] ?? "";
    assert.deepEqual(readFileSync(path), MP3);
  });

  it("tells what went wrong, and pays nobody else for what may have begun", async () => {
    server.instead = ({ method }, response) => method === "POST" && (response.destroy(), true);
    const { tasks } = life(memory, server);
    await tasks.start(wish({ model: undefined as never }));
    await over();
    assert.match(told()[0] ?? "", /could not be made: \w+: /);
    assert.equal(server.seen.filter(({ method }) => method === "POST").length, 1);
  });

  it("asks the next one when the first refused", async () => {
    server.instead = ({ path }, response) => {
      if (!path.startsWith("/google")) return false;
      response.writeHead(403).end('{"error":{"message":"not in your country"}}');
      return true;
    };
    const { tasks } = life(memory, server);
    const { model: _, ...open } = wish();
    await tasks.start(open);
    await over();
    assert.match(told()[0] ?? "", /MEDIA:/);
    assert.equal(server.paid, 1);
  });

  it("lives through states that cannot be asked for", async () => {
    let broken = 0;
    server.instead = ({ path }, response) => {
      if (!path.includes("operations") || (broken += 1) > 12) return false;
      response.writeHead(503).end();
      return true;
    };
    const { tasks } = life(memory, server);
    await tasks.start(wish());
    await over();
    assert.match(told()[0] ?? "", /MEDIA:/);
  });

  it("keeps the pictures that it was given until they were sent, and no longer", async () => {
    const { tasks } = life(memory, server);
    const given = await tasks.start(
      wish({ references: [{ kind: "image", data: PNG, mimeType: "image/png", role: "first_frame" }] }),
    );
    await over();
    const instances = server.seen.find(({ path }) => path.includes("predict"))?.body["instances"] as {
      image?: { bytesBase64Encoded: string };
    }[];
    assert.equal(instances[0]?.image?.bytesBase64Encoded, PNG.toString("base64"));
    assert.ok(!existsSync(join(home, "generated", "tasks", given.taskId)));
  });

  it("is not started by its own ends without end", async () => {
    const { tasks } = life(memory, server);
    const chain = (n: number): Principal =>
      n === 0 ? SYSTEM : { kind: "agent", id: SESSION, role: "owner", scopes: [], parent: chain(n - 1) };
    assert.ok((await tasks.start(wish({ principal: chain(2) }))).fresh);
    await over();
    await assert.rejects(tasks.start(wish({ principal: chain(3) })), { code: "GENERATE_LIMIT" });
  });

  it("refuses at once what nobody makes, and holds nobody's place for it", async () => {
    const { tasks } = life(memory, server);
    await assert.rejects(tasks.start(wish({ model: "nobody/x" })), { code: "GENERATE_MODEL_UNKNOWN" });
    assert.ok((await tasks.start(wish())).fresh);
    await over();
  });
});

describe("when the telling fails", () => {
  it("the chat gets the file as it is, once", async () => {
    memory.result = { status: "error" };
    const { tasks } = life(memory, server);
    await tasks.start(wish());
    await over();
    assert.equal(memory.posts.size, 1);
    const [post] = memory.posts.values();
    assert.match(String(post?.media), /\.mp4$/);
    assert.match(post?.text ?? "", /Your video is ready/);
  });
  it("the chat gets the file that the answer forgot", async () => {
    memory.sends = false;
    const { tasks } = life(memory, server);
    await tasks.start(wish());
    await over();
    assert.equal(memory.posts.size, 1);
  });
  it("nothing is delivered to whoever stopped it", async () => {
    memory.result = { status: "aborted" };
    const { tasks } = life(memory, server);
    await tasks.start(wish());
    await over();
    assert.equal(memory.posts.size, 0);
  });
});

describe("a death at any step", () => {
  for (const stage of ["new", "asking", "polling", "made", "telling", "over"])
    it(`after "${stage}" was written: paid once at most, told once`, async () => {
      server.pending = 1;
      const first = life(memory, server);
      memory.wrote = (written) => written === stage && first.kill();
      await first.tasks.start(wish()).catch(() => undefined);
      await until(() => rows().some((row) => row["stage"] === stage));
      await systemClock.sleep(30);
      memory.wrote = () => undefined;
      const second = life(memory, server);
      await second.tasks.resume();
      await over();
      assert.ok(server.paid <= 1);
      assert.equal(memory.turns.size, 1);
      if (stage === "asking") assert.match(told()[0] ?? "", /may have been charged/);
      else assert.match(told()[0] ?? "", /MEDIA:/);
    });

  it("and the direct delivery is repeated without a second message", async () => {
    memory.result = { status: "error" };
    const first = life(memory, server);
    await first.tasks.start(wish());
    await over();
    const [id, row] = [...memory.rows][0] ?? ["", "{}"];
    memory.rows.set(id, JSON.stringify({ ...(JSON.parse(row) as object), stage: "telling" }));
    await life(memory, server).tasks.resume();
    await over();
    assert.equal(memory.posts.size, 1);
  });
});
