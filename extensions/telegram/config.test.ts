import assert from "node:assert/strict";
import { test } from "node:test";
import { problems } from "openclaw/sdk";
import { telegramSection } from "./config.ts";

const judge = (section: Record<string, unknown>) => [
  ...problems(telegramSection.schema, section).map(({ pointer, message }) => `${pointer} ${message}`),
  ...(telegramSection.rules?.(section, {}) ?? []).map(({ path, message }) => `${path} ${message}`),
];

test("what the documentation shows is accepted", () => {
  const group = { requireMention: true, allowFrom: [123, "@ada"], topics: { "42": { agentId: "work", skills: [] } } };
  const section = {
    enabled: true,
    botToken: "1:a",
    dmPolicy: "open",
    allowFrom: ["tg:123", 456, "*"],
    groups: { "-1001": group, "*": {} },
    groupPolicy: "allowlist",
    historyLimit: 50,
    dms: { "1": { historyLimit: 3 } },
    replyToMode: "first",
    linkPreview: false,
    streamMode: "partial",
    draftChunk: { minChars: 200, maxChars: 800, breakPreference: "paragraph" },
    customCommands: [{ command: "backup", description: "Git backup" }],
    actions: { reactions: true, sendMessage: true, sticker: false },
    reactionNotifications: "own",
    mediaMaxMb: 5,
    retry: { attempts: 3, minDelayMs: 400, maxDelayMs: 30_000, jitter: 0.1 },
    network: { autoSelectFamily: false },
    proxy: "socks5://localhost:9050",
    webhookUrl: "https://e.example/hook",
    webhookSecret: "s",
    webhookPath: "/telegram-webhook",
    capabilities: { inlineButtons: "allowlist" },
    commands: { native: "auto" },
    accounts: {
      default: { name: "Main", botToken: { source: "env", provider: "default", id: "TOKEN" } },
      alerts: { botToken: "2:b", dmPolicy: "allowlist", allowFrom: ["1"] },
    },
    defaultAccount: "alerts",
  };
  assert.deepEqual(judge(section), []);
  assert.deepEqual(judge({}), []);
});

const refused: [title: string, section: Record<string, unknown>, path: RegExp][] = [
  ["an unknown key", { botTokn: "1:a" }, /botTokn/],
  ["an unknown key of an account", { accounts: { a: { accounts: {} } } }, /accounts/],
  ["a wrong policy", { dmPolicy: "everyone" }, /dmPolicy/],
  ["open without the wildcard", { dmPolicy: "open", allowFrom: ["1"] }, /^allowFrom dmPolicy "open" needs/],
  [
    "open without the wildcard in an account",
    { allowFrom: ["1"], accounts: { a: { dmPolicy: "open" } } },
    /^accounts\.a\.allowFrom/,
  ],
  ["a webhook without its secret", { webhookUrl: "https://e.example" }, /^webhookSecret/],
  ["a server address that holds the token", { apiRoot: "https://api.telegram.org/bot12345:secret" }, /^apiRoot/],
  ["a text longer than the network takes", { textChunkLimit: 5000 }, /textChunkLimit/],
];
for (const [title, section, expected] of refused) {
  test(`${title} is refused`, () => assert.match(judge(section).join("\n"), expected));
}
