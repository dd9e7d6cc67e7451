import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { ConfigSnapshot } from "../../contracts/config.ts";
import type { Fetch, FetchOptions } from "../../base/fetch.ts";
import { systemClock } from "../../base/time.ts";
import { QuotaBook } from "./_quota/quotas.ts";
import { quotaLine } from "./_quota/text.ts";

const NOW = Date.UTC(2026, 5, 1);
const config = {} as ConfigSnapshot;

/** FAKE of the providers: answers by address, and notes who asked with which key. */
function world(keys: Record<string, string>, answers: Record<string, unknown>, now = () => NOW) {
  const asked: { url: string; options: FetchOptions }[] = [];
  const fetch: Fetch = async (url, options) => {
    asked.push({ url, options });
    const answer = Object.entries(answers).find(([part]) => url.includes(part))?.[1];
    return typeof answer === "number"
      ? new Response("{}", { status: answer })
      : new Response(JSON.stringify(answer ?? {}));
  };
  const models = {
    access: async (provider: string) => {
      const apiKey = keys[provider];
      if (apiKey === undefined) throw new Error("no key");
      const baseUrl = provider === "openrouter" ? "https://openrouter.ai/api/v1" : "https://x.example";
      return {
        provider,
        baseUrl,
        apiKey,
        headers: {},
        configured: false,
        login: { id: "p", kind: "token", agentId: "main" } as const,
      };
    },
  };
  return { book: new QuotaBook({ fetch, clock: { ...systemClock, now }, models }), asked };
}

const cases: [provider: string, key: string, part: string, answer: unknown, line: string][] = [
  [
    "anthropic",
    "sk-ant-oat01-x",
    "/api/oauth/usage",
    { five_hour: { utilization: 37, resets_at: "2026-06-01T02:00:00Z" }, seven_day: { utilization: 10 } },
    "Claude: 5h 63% left (resets in 2 h), week 90% left",
  ],
  [
    "openai-codex",
    "eyJ",
    "/wham/usage",
    {
      plan_type: "pro",
      rate_limit: {
        primary_window: { used_percent: 20, limit_window_seconds: 18_000, reset_at: NOW / 1000 + 3600 },
        secondary_window: { used_percent: 50, limit_window_seconds: 604_800 },
      },
    },
    "Codex (pro): 5h 80% left (resets in 1 h), week 50% left",
  ],
  [
    "github-copilot",
    "gho_x",
    "copilot_internal",
    {
      copilot_plan: "individual",
      quota_snapshots: {
        premium_interactions: { percent_remaining: 25 },
        chat: { unlimited: true, percent_remaining: 100 },
      },
    },
    "GitHub Copilot (individual): premium 25% left",
  ],
  [
    "minimax",
    "k",
    "token_plan/remains",
    { model_remains: [{ current_interval_total_count: 100, current_interval_usage_count: 80 }] },
    "MiniMax: 5h 80% left",
  ],
  [
    "zai",
    "k",
    "/quota/limit",
    { data: { planName: "Pro", limits: [{ type: "TOKENS_LIMIT", percentage: 12, nextResetTime: NOW + 60_000 }] } },
    "Z.AI (Pro): 5h 88% left (resets in 1 min)",
  ],
  ["openrouter", "k", "/api/v1/key", { data: { limit: 20, limit_remaining: 5 } }, "OpenRouter: credit 25% left"],
  [
    "deepseek",
    "k",
    "/user/balance",
    { balance_infos: [{ currency: "USD", total_balance: "4.20" }] },
    "DeepSeek (4.20 USD left)",
  ],
];

describe("what is left of a plan", () => {
  for (const [provider, key, part, answer, line] of cases)
    it(`is told by ${provider}`, async () => {
      const { book, asked } = world({ [provider]: key }, { [part]: answer });
      const { providers } = await book.read(config);
      assert.deepEqual(
        providers.map((quota) => quotaLine(quota, NOW)),
        [line],
      );
      assert.match(JSON.stringify(asked[0]?.options.headers), new RegExp(key));
      assert.equal(asked.length, 1);
    });

  it("is not asked for with a key that has no plan", async () => {
    const { book, asked } = world({ anthropic: "sk-ant-api03-x" }, {});
    assert.deepEqual([(await book.read(config)).providers, asked.length], [[], 0]);
  });

  it("says what went wrong, beside what others tell", async () => {
    const { book } = world(
      { zai: "k", openrouter: "k" },
      { "/quota/limit": 401, "/key": { data: { limit: 10, limit_remaining: 10 } } },
    );
    const lines = (await book.read(config)).providers.map((quota) => quotaLine(quota, NOW));
    assert.deepEqual(lines, ["Z.AI: the login is not accepted (HTTP 401)", "OpenRouter: credit 100% left"]);
  });

  it("is one plain line of few windows, whatever a provider says", async () => {
    const evil = "Pro\u001b[2J\n\u202eevil" + "x".repeat(9000);
    const limits = Array.from({ length: 5000 }, () => ({ percentage: 1e300, nextResetTime: 1e300, type: evil }));
    const windows = { primary_window: { used_percent: -5, limit_window_seconds: 1e300, reset_at: 1e300 } };
    const { book } = world(
      { zai: "k", "openai-codex": "k", deepseek: "k" },
      {
        "/quota/limit": { data: { planName: evil, limits } },
        "wham/usage": { plan_type: evil, rate_limit: windows },
        "user/balance": { balance_infos: Array.from({ length: 500 }, () => ({ total_balance: evil, currency: evil })) },
      },
    );
    const { providers } = await book.read(config);
    assert.equal(providers.length, 3);
    for (const quota of providers) {
      const line = quotaLine(quota, NOW);
      assert.ok(line.length < 700 && !/[\p{Cc}\u202e]/u.test(line), line.slice(0, 200));
      for (const { resetAt = 0, usedPercent } of quota.windows) {
        assert.ok(!Number.isNaN(new Date(resetAt).getTime()));
        assert.ok(usedPercent >= 0 && usedPercent <= 100);
      }
    }
  });

  it("is asked for once a minute, also when the clock is set back, and once for all who want it", async () => {
    let now = NOW;
    const { book, asked } = world(
      { zai: "k" },
      { "/quota/limit": { data: { limits: [{ percentage: 1 }] } } },
      () => now,
    );
    await Promise.all([book.read(config), book.read(config)]);
    now += 59_000;
    await book.read(config);
    assert.equal(asked.length, 1);
    now += 2000;
    await book.read(config);
    assert.equal(asked.length, 2);
    now -= 86_400_000;
    await book.read(config);
    assert.equal(asked.length, 3);
  });

  it("is nothing when the answer makes no sense", async () => {
    const { book } = world({ zai: "k", minimax: "k" }, { "/quota/limit": { data: { limits: "no" } }, remains: [1, 2] });
    assert.deepEqual((await book.read(config)).providers, []);
  });
});
