/** Sections for tests of the mechanism, apart from the product's. */
import { Type, choice, closed, defaulted } from "../../contracts/schema.ts";
import { defineConfig } from "../../contracts/config.ts";
import { config } from "./config.ts";

export const gatewaySample = defineConfig({
  path: "gateway",
  summary: "Sample",
  reload: "restart",
  reloads: { reload: "none" },
  secrets: ["auth.token"],
  schema: closed({
    mode: Type.Optional(choice(["local", "remote"])),
    port: defaulted(Type.Integer({ default: 18_789, minimum: 1, maximum: 65_535 })),
    auth: defaulted(
      closed(
        { mode: defaulted(choice(["token", "password"], { default: "token" })), token: Type.Optional(Type.String()) },
        { default: {} },
      ),
    ),
    reload: defaulted(
      closed({ mode: Type.Optional(Type.String()), debounceMs: Type.Optional(Type.Integer()) }, { default: {} }),
    ),
  }),
});

const agentsSample = defineConfig({
  path: "agents",
  summary: "Sample",
  reload: "live",
  schema: closed({
    defaults: defaulted(
      closed(
        {
          model: Type.Optional(
            Type.Union([
              Type.String(),
              closed({ primary: Type.String(), fallbacks: Type.Optional(Type.Array(Type.String())) }),
            ]),
          ),
        },
        { default: {} },
      ),
    ),
    list: defaulted(
      Type.Array(
        closed({
          id: Type.String({ minLength: 1 }),
          name: Type.Optional(Type.String()),
          enabled: defaulted(Type.Boolean({ default: true })),
        }),
        { default: [] },
      ),
    ),
  }),
  rules: ({ list }) =>
    list.flatMap(({ id }, at) =>
      list.findIndex((other) => other.id === id) < at
        ? [{ path: `list[${at}].id`, message: `another agent is called ${JSON.stringify(id)}` }]
        : [],
    ),
});

export const telegramSample = defineConfig({
  path: "channels.telegram",
  summary: "Sample",
  reload: "restart:telegram",
  secrets: ["botToken", "accounts.*.botToken"],
  schema: closed({
    botToken: Type.Optional(Type.String()),
    dmPolicy: defaulted(choice(["pairing", "open"], { default: "pairing" })),
    allowFrom: defaulted(Type.Array(Type.Union([Type.String(), Type.Integer()]), { default: [] })),
    accounts: defaulted(
      Type.Record(Type.String(), closed({ botToken: Type.Optional(Type.String()) }), { default: {} }),
    ),
  }),
  rules: ({ dmPolicy, allowFrom }) =>
    dmPolicy === "open" && !allowFrom.includes("*")
      ? [{ path: "allowFrom", message: 'must hold "*" while dmPolicy is "open"' }]
      : [],
});

export const sampleSections = [...config, gatewaySample, agentsSample, telegramSample];
