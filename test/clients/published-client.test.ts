/** The published command line of the documented gateway, unchanged, against this one. */
import { after, before, test } from "node:test";
import assert from "node:assert/strict";
import { startModelServer } from "../fakes/model-server.ts";
import { makePlace, start } from "../harness/gateway.ts";
import type { Place, Running } from "../harness/gateway.ts";
import { installPublished, noTerminal, publishedClient, type PublishedClient } from "./_published.ts";

const missing = installPublished();
const options = { skip: missing ?? false };

let place: Place;
let running: Running;
let client: PublishedClient;
let closeModel = async () => {};

before(async () => {
  if (missing !== undefined) return;
  const model = await startModelServer({
    api: "openai-completions",
    script: { text: ["The published ", "client says hello."] },
  });
  closeModel = () => model.close();
  place = await makePlace(model.url);
  running = await start(place);
  client = publishedClient(place.port);
});

after(async () => {
  if (missing !== undefined) return;
  await running.stop();
  await closeModel();
  client.end();
  place.end();
});

interface Case {
  /** Words of the command; `@` stands for `--url … --token …`. */
  readonly words: string;
  /** What must be in its output. */
  readonly shows: readonly RegExp[];
}

const CASES: readonly Case[] = [
  { words: "health", shows: [/Agents: main \(default\)/] },
  { words: "health --json", shows: [/"ok": true/, /"defaultAgentId": "main"/] },
  { words: "health --verbose", shows: [/main/] },
  { words: "status", shows: [/reachable|ws:\/\/127/, /No channels configured/] },
  { words: "status --json", shows: [/"gateway"/] },
  { words: "status --deep", shows: [/reachable/] },
  { words: "status --all", shows: [/Pasteable debug report/] },
  { words: "gateway call health @", shows: [/"ok": true/] },
  { words: "gateway call sessions.list @", shows: [/"sessions"/] },
  { words: "gateway probe @", shows: [/Reachable: yes/] },
  { words: "gateway status @", shows: [/127\.0\.0\.1/] },
  { words: "gateway status --json @", shows: [/"ok": true/] },
  { words: "gateway usage-cost @", shows: [/30|day|\$/] },
  { words: "gateway stability @", shows: [/./] },
  { words: "logs --limit 20", shows: [/./] },
  { words: "models list", shows: [/fake\/fake-1/] },
  { words: "models list --all --json", shows: [/"key": "offline\/assistant"/] },
  { words: "config get gateway.mode", shows: [/remote/] },
  { words: "sessions", shows: [/Session/] },
  { words: "agents list", shows: [/main \(default\)/] },
  { words: "devices list", shows: [/device/i] },
  { words: "channels status --probe", shows: [/Gateway reachable/] },
  { words: "system presence", shows: [/"mode": "gateway"/] },
  { words: "agent --agent main --message hello", shows: [/The published client says hello\./] },
  { words: "agent --agent main --message hello --json", shows: [/"status": "ok"/, /says hello/] },
];

for (const { words, shows } of CASES)
  test(`openclaw ${words.replace("@", "--url … --token …")} works`, options, async () => {
    const args = words.split(" ").flatMap((word) => (word === "@" ? client.flags : [word]));
    const { code, stdout, stderr } = await client.run(...args);
    assert.equal(code, 0, `${stdout}\n${stderr}`);
    for (const wanted of shows) assert.match(`${stdout}\n${stderr}`, wanted);
  });

test(
  "its terminal chat connects, sends a message and shows the answer",
  { skip: missing ?? noTerminal() ?? false },
  async () => {
    const terminal = client.terminal("tui", ...client.flags);
    try {
      await until(terminal, /gateway connected/);
      terminal.type("good morning");
      await until(terminal, /good morning/);
      terminal.type("\r");
      await until(terminal, /good morning[\s\S]*The published client says hello\./);
      const { messages } = await running.client.request("chat.history", { sessionKey: "main" });
      assert.ok(
        messages.some(({ role, content }) => role === "user" && JSON.stringify(content).includes("good morning")),
      );
    } finally {
      await terminal.end();
    }
  },
);

test(
  "commands typed in its terminal chat are answered by the gateway",
  { skip: missing ?? noTerminal() ?? false },
  async () => {
    const terminal = client.terminal("tui", ...client.flags);
    try {
      await until(terminal, /gateway connected/);
      for (const [typed, shown] of [
        ["/whoami", /You are an owner here/],
        ["/usage cost", /Last 30 days/],
      ] as const) {
        terminal.type(typed);
        await until(terminal, new RegExp(typed));
        terminal.type("\r");
        await until(terminal, shown);
      }
    } finally {
      await terminal.end();
    }
  },
);

async function until(terminal: { screen(): string }, wanted: RegExp): Promise<void> {
  for (let i = 0; i < 600; i += 1) {
    if (wanted.test(terminal.screen())) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  assert.fail(`never shown: ${wanted}\n${terminal.screen().slice(-2000)}`);
}
