/** Providers that tell what is left. Where they document it: `docs/models.md`; the others as their own apps ask. */
import { record } from "../../../base/record.ts";
import { compact } from "../../../base/text.ts";
import type { Access } from "../../../models/index.ts";
import { lengthLabel, moment, percent, rows, windowOf, word } from "./quota.ts";
import type { QuotaSource } from "./quota.ts";

const bearer = ({ apiKey, headers }: Access) => ({ ...headers, authorization: `Bearer ${apiKey ?? ""}` });

export const QUOTA_SOURCES: readonly QuotaSource[] = [
  {
    provider: "anthropic",
    displayName: "Claude",
    // Keys of the console have no plan; tokens of a subscription do.
    request: (access) =>
      access.apiKey?.startsWith("sk-ant-oat")
        ? {
            url: "https://api.anthropic.com/api/oauth/usage",
            headers: { ...bearer(access), "anthropic-beta": "oauth-2025-04-20" },
          }
        : undefined,
    read: (answer) => ({
      windows: [
        ["5h", "five_hour"],
        ["week", "seven_day"],
        ["week (Opus)", "seven_day_opus"],
        ["week (Sonnet)", "seven_day_sonnet"],
      ].flatMap(([label = "", key = ""]) => {
        const { utilization, resets_at: resets } = record(answer[key]);
        return windowOf(label, percent(utilization), moment(resets));
      }),
    }),
  },
  {
    provider: "openai-codex",
    displayName: "Codex",
    request: (access) => ({ url: "https://chatgpt.com/backend-api/wham/usage", headers: bearer(access) }),
    read: ({ plan_type: plan, rate_limit: limit }) => ({
      windows: (["primary_window", "secondary_window"] as const).flatMap((key) => {
        const { used_percent: used, limit_window_seconds: seconds, reset_at: reset } = record(record(limit)[key]);
        return windowOf(lengthLabel(seconds, key === "primary_window" ? "5h" : "week"), percent(used), moment(reset));
      }),
      ...planOf(plan),
    }),
  },
  {
    provider: "github-copilot",
    displayName: "GitHub Copilot",
    request: ({ apiKey, login }) =>
      apiKey === undefined || login === undefined
        ? undefined
        : {
            url: "https://api.github.com/copilot_internal/user",
            headers: { authorization: `token ${apiKey}`, accept: "application/json" },
          },
    read: ({ copilot_plan: plan, quota_snapshots: snapshots, quota_reset_date: reset }) => ({
      windows: [
        ["premium", "premium_interactions"],
        ["chat", "chat"],
      ].flatMap(([label = "", key = ""]) => {
        const { percent_remaining: left, unlimited } = record(record(snapshots)[key]);
        const remaining = percent(left);
        return unlimited === true || remaining === undefined
          ? []
          : windowOf(label, round(100 - remaining), moment(reset));
      }),
      ...planOf(plan),
    }),
  },
  {
    provider: "minimax",
    displayName: "MiniMax",
    request: (access) => ({
      url: `${originOf(access, "https://api.minimax.io")}/v1/token_plan/remains`,
      headers: bearer(access),
    }),
    // What is called usage here is what remains.
    read: (answer) => ({
      windows: rows(answer["model_remains"])
        .slice(0, 1)
        .flatMap((row) => {
          const { current_interval_total_count: total, current_interval_usage_count: left, end_time: end } = row;
          const remaining =
            percent(row["current_interval_remaining_percent"]) ??
            (typeof total === "number" && total > 0 && typeof left === "number" ? percent(left / total, 1) : undefined);
          return remaining === undefined ? [] : windowOf("5h", round(100 - remaining), moment(end));
        }),
    }),
  },
  {
    provider: "zai",
    displayName: "Z.AI",
    request: (access) => ({
      url: `${originOf(access, "https://api.z.ai")}/api/monitor/usage/quota/limit`,
      headers: bearer(access),
    }),
    read: (answer) => {
      const { limits, planName, level } = record(answer["data"]);
      return {
        windows: rows(limits).flatMap(({ type, percentage, nextResetTime }) =>
          windowOf(type === "TOKENS_LIMIT" ? "5h" : "month", percent(percentage), moment(nextResetTime)),
        ),
        ...planOf(planName ?? level),
      };
    },
  },
  {
    provider: "openrouter",
    displayName: "OpenRouter",
    request: (access) => ({ url: `${access.baseUrl.replace(/\/+$/, "")}/key`, headers: bearer(access) }),
    read: (answer) => {
      const { limit, limit_remaining: left, is_free_tier: free } = record(answer["data"]);
      const share =
        typeof limit === "number" && limit > 0 && typeof left === "number" ? percent(1 - left / limit, 1) : undefined;
      return { windows: windowOf("credit", share), ...planOf(free === true ? "free" : undefined) };
    },
  },
  {
    provider: "deepseek",
    displayName: "DeepSeek",
    request: (access) => ({
      url: `${originOf(access, "https://api.deepseek.com")}/user/balance`,
      headers: bearer(access),
    }),
    read: (answer) => {
      const balances = rows(answer["balance_infos"]).flatMap(({ currency, total_balance: total }) =>
        typeof total !== "string" && typeof total !== "number"
          ? []
          : [`${word(String(total)) ?? ""} ${word(currency) ?? ""}`.trim()],
      );
      return { windows: [], ...planOf(balances.length === 0 ? undefined : `${balances.join(", ")} left`) };
    },
  },
];

function planOf(plan: unknown): { readonly plan?: string } {
  return compact({ plan: word(plan) });
}

/** Where the operator has its models asked, and otherwise the vendor's own host. */
function originOf({ baseUrl, configured }: Access, usual: string): string {
  return configured && URL.canParse(baseUrl) ? new URL(baseUrl).origin : usual;
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}
