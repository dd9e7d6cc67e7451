import assert from "node:assert/strict";
import { test } from "node:test";
import type { SessionEntry } from "../../store/index.ts";
import type { ConfigSnapshot } from "../config/index.ts";
import { sessionFiles } from "./_files.ts";

/** FAKE of a configuration: the section, and nothing else. */
const config = (section: object) => ({ section: () => ({ mainKey: "main", ...section }) }) as unknown as ConfigSnapshot;
const paths = { home: "/home/o", state: "/home/o/.openclaw", config: "" };
const entry = (more: object = {}): SessionEntry => ({ sessionId: "s", updatedAt: 1, ...more });

test("the place of sessions is the documented one, or what the setting says", () => {
  const at = (store?: string) => sessionFiles(config(store === undefined ? {} : { store }), paths).index("work");
  assert.equal(at(), "/home/o/.openclaw/agents/work/sessions/sessions.json");
  assert.equal(at("~/talks/{agentId}/sessions.json"), "/home/o/talks/work/sessions.json");
  assert.equal(at("shared.json"), "/home/o/.openclaw/shared.json");
});

test("keys of older versions are read as what they meant", () => {
  const files = sessionFiles(config({}), paths);
  const table: [string, object, string][] = [
    ["main", {}, "agent:work:main"],
    ["agent:main:telegram:direct:7", {}, "agent:main:telegram:dm:7"],
    ["group:-100", { channel: "telegram" }, "agent:work:telegram:group:-100"],
    ["agent:work:group:-100", { lastChannel: "whatsapp" }, "agent:work:whatsapp:group:-100"],
    ["group:-100", {}, "agent:work:group:-100"],
    ["agent:work:telegram:group:-100:topic:3", {}, "agent:work:telegram:group:-100:topic:3"],
    ["global", {}, "global"],
  ];
  for (const [written, more, expected] of table)
    assert.equal(files.canonical(written, entry(more), "work")?.key, expected, written);
  assert.equal(files.canonical("  ", entry(), "work"), undefined);
});
