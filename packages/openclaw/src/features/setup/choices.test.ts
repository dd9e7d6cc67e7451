import assert from "node:assert/strict";
import { test } from "node:test";
import { vendors } from "../../generated/vendors.ts";
import { firstModel } from "../../models/index.ts";
import type { Asked } from "./_asked.ts";
import { choiceNamed, choicesOf, keyFlagsOf } from "./_choices.ts";
import { choiceOf, connectionOf } from "./_connection.ts";
import { flagChanges } from "./_gateway-flags.ts";
import { KEY_FLAGS } from "./_key-flags.ts";
import { matches } from "./_questions.ts";

const choices = choicesOf(vendors);
const asked = (options: Asked["options"], env: Asked["env"] = {}): Asked => ({ options, env, vendors, now: 1000 });
const connect = (options: Asked["options"], env: Asked["env"] = {}) => {
  const given = asked(options, env);
  const choice = choiceOf(given);
  assert.ok(choice !== undefined && choice !== "skip");
  return connectionOf(choice, given);
};

test("every vendor that takes a key has a flag for it, and no flag is left of one that is gone", () =>
  assert.deepEqual(KEY_FLAGS, keyFlagsOf(vendors)));

test("ids of choices are unique, whatever their capitals", () => {
  const ids = choices.map(({ id }) => id.toLowerCase());
  assert.deepEqual(
    ids.filter((id, at) => ids.indexOf(id) !== at),
    [],
  );
});

const DOCUMENTED: readonly (readonly [ids: string, flag: string | undefined])[] = [
  ["apiKey", "--anthropic-api-key"],
  ["setup-token token openai-codex openai-codex-device-code chutes qwen-portal copilot-proxy", undefined],
  ["openai-api-key", "--openai-api-key"],
  ["openrouter-api-key", "--openrouter-api-key"],
  ["ai-gateway-api-key", "--ai-gateway-api-key"],
  ["cloudflare-ai-gateway-api-key", "--cloudflare-ai-gateway-api-key"],
  ["moonshot-api-key moonshot-api-key-cn", "--moonshot-api-key"],
  ["kimi-code-api-key", "--kimi-code-api-key"],
  ["gemini-api-key", "--gemini-api-key"],
  ["zai-api-key zai-coding-global zai-coding-cn zai-global zai-cn", "--zai-api-key"],
  ["minimax-api minimax-api-lightning minimax-global-api minimax-cn-api", "--minimax-api-key"],
  ["opencode-zen", "--opencode-zen-api-key"],
  ["opencode-go", "--opencode-go-api-key"],
  ["qwen-api-key qwen-api-key-cn qwen-standard-api-key qwen-standard-api-key-cn modelstudio-api-key", "--qwen-api-key"],
  ["volcengine-api-key", "--volcengine-api-key"],
  ["byteplus-api-key", "--byteplus-api-key"],
  ["stepfun-standard-api-key-intl stepfun-standard-api-key-cn", "--stepfun-api-key"],
  ["stepfun-plan-api-key-intl stepfun-plan-api-key-cn", "--stepfun-api-key"],
  ["arceeai-openrouter", "--openrouter-api-key"],
  ["arceeai-api-key", "--arceeai-api-key"],
  ["github-copilot", "--github-copilot-token"],
  ["lmstudio", "--lmstudio-api-key"],
  ...(
    "xiaomi synthetic venice mistral xai cerebras together nvidia fireworks deepseek deepinfra huggingface kilocode " +
    "litellm qianfan tokenhub chutes fal runway vydra groq"
  )
    .split(" ")
    .map((name) => [`${name}-api-key`, `--${name}-api-key`] as const),
];

for (const [ids, flag] of DOCUMENTED) {
  test(`${ids} ${flag === undefined ? "take no key" : `take ${flag}`}`, () => {
    for (const id of ids.split(" ")) assert.equal(choiceNamed(id, choices)?.flag, flag, id);
  });
}

test("what a choice begins with is a model of its vendor, or of the vendor's plan", () => {
  const model = (id: string) => {
    const choice = choiceNamed(id, choices);
    return choice && firstModel(choice.vendor, choice);
  };
  assert.deepEqual(
    [
      "apiKey",
      "volcengine-api-key",
      "minimax-api-lightning",
      "ai-gateway-api-key",
      "github-copilot",
      "fal-api-key",
    ].map(model),
    [
      "anthropic/claude-opus-4-6",
      "volcengine-plan/ark-code-latest",
      "minimax/MiniMax-M2.1-lightning",
      "vercel-ai-gateway/anthropic/claude-opus-4.6",
      "github-copilot/gpt-4o",
      undefined,
    ],
  );
});

test("a key alone says whose it is", () => {
  const { logins, model } = connect({ groqApiKey: " gsk\n-1 " });
  assert.deepEqual(logins, [
    { id: "groq:default", mode: "api_key", profile: { type: "api_key", provider: "groq", key: "gsk-1" } },
  ]);
  assert.equal(model, "groq/llama-3.3-70b-versatile");
});

test("a key for two products of a vendor means the one that is paid by use", () =>
  assert.equal(connect({ stepfunApiKey: "k" }).model, "stepfun/step-3.5-flash"));

test("a key in the environment serves, and can be stored by its name", () => {
  const env = { MOONSHOT_API_KEY: "mk" };
  assert.equal(connect({ authChoice: "moonshot-api-key" }, env).logins[0]?.profile["key"], "mk");
  assert.deepEqual(connect({ authChoice: "moonshot-api-key", secretInputMode: "ref" }, env).logins[0]?.profile, {
    type: "api_key",
    provider: "moonshot",
    keyRef: { source: "env", provider: "default", id: "MOONSHOT_API_KEY" },
  });
});

test("a choice leads to its address, and back to the usual one", () => {
  const at = (authChoice: string) => connect({ authChoice, zaiApiKey: "k" }).entry?.values;
  assert.deepEqual(at("zai-cn"), { baseUrl: "https://open.bigmodel.cn/api/paas/v4" });
  assert.deepEqual(at("zai-api-key"), { baseUrl: "https://api.z.ai/api/coding/paas/v4" });
});

test("a key that opens a plan, too, is stored for both", () =>
  assert.deepEqual(
    connect({ volcengineApiKey: "k" }).logins.map(({ id }) => id),
    ["volcengine:default", "volcengine-plan:default"],
  ));

test("a key of OpenRouter that is meant for Arcee comes from OpenRouter's variable", () => {
  const { logins, entry } = connect({ authChoice: "arceeai-openrouter" }, { OPENROUTER_API_KEY: "ok" });
  assert.deepEqual(
    [logins[0]?.id, logins[0]?.profile["key"], entry?.values["baseUrl"]],
    ["arcee:default", "ok", "https://openrouter.ai/api/v1"],
  );
});

test("a token has a name, and an end where one is told", () =>
  assert.deepEqual(connect({ authChoice: "setup-token", token: "sk-ant-oat", tokenExpiresIn: "1d" }).logins, [
    {
      id: "anthropic:manual",
      mode: "token",
      profile: { type: "token", provider: "anthropic", token: "sk-ant-oat", expires: 86_401_000 },
    },
  ]));

test("apiKey with a provider stores the token as that company's key", () =>
  assert.deepEqual(connect({ authChoice: "apiKey", tokenProvider: "openrouter", token: "or" }).logins[0]?.profile, {
    type: "api_key",
    provider: "openrouter",
    key: "or",
  }));

test("a server of one's own is named after its address", () => {
  const { logins, entry, model } = connect({
    customBaseUrl: "http://192.168.1.5:8000/v1/",
    customModelId: "qwen",
    customImageInput: true,
    customCompatibility: "anthropic",
  });
  assert.deepEqual(logins, []);
  assert.deepEqual(entry, {
    provider: "custom-192-168-1-5-8000",
    values: {
      baseUrl: "http://192.168.1.5:8000/v1",
      api: "anthropic-messages",
      models: [{ id: "qwen", name: "qwen", input: ["text", "image"] }],
    },
  });
  assert.equal(model, "custom-192-168-1-5-8000/qwen");
});

const WRONG: readonly (readonly [what: string, options: Record<string, unknown>, code: string])[] = [
  ["a choice that does not exist", { authChoice: "groq-apikey" }, "SETUP_CHOICE_UNKNOWN"],
  ["a provider that takes no key", { authChoice: "apiKey", tokenProvider: "nobody" }, "SETUP_CHOICE_UNKNOWN"],
  ["keys of two vendors", { groqApiKey: "a", xaiApiKey: "b" }, "SETUP_CHOICES_MANY"],
  ["a key that nobody gave", { authChoice: "groq-api-key" }, "SETUP_KEY_MISSING"],
  ["a token that nobody gave", { authChoice: "setup-token" }, "SETUP_KEY_MISSING"],
  ["a key with a space inside", { groqApiKey: "a b" }, "SETUP_KEY_UNUSABLE"],
  ["a name in place of a key that is given", { groqApiKey: "a", secretInputMode: "ref" }, "SETUP_REF_NEEDS_VARIABLE"],
  ["a login that needs a browser", { authChoice: "openai-codex" }, "SETUP_NEEDS_PERSON"],
  ["a token without a proper end", { authChoice: "token", token: "t", tokenExpiresIn: "soon" }, "SETUP_FLAG"],
  ["a name that no login can have", { authChoice: "token", token: "t", tokenProfileId: "a b" }, "SETUP_FLAG"],
  ["a gateway without its account", { cloudflareAiGatewayApiKey: "k" }, "SETUP_FLAG"],
  ["a server without a model", { customBaseUrl: "http://x/v1" }, "SETUP_FLAG"],
  ["an address with a password", { customBaseUrl: "http://a:b@x/v1", customModelId: "m" }, "SETUP_FLAG"],
  ["an address of another kind", { customBaseUrl: "file:///x", customModelId: "m" }, "SETUP_FLAG"],
  [
    "the name of a known vendor",
    { customBaseUrl: "http://x", customModelId: "m", customProviderId: "OpenAI" },
    "SETUP_FLAG",
  ],
];
for (const [what, options, code] of WRONG)
  test(`refused: ${what}`, () => assert.throws(() => connect(options), { code }));

test("no flag about models means that none is chosen here", () =>
  assert.deepEqual([choiceOf(asked({})), choiceOf(asked({ authChoice: "skip" }))], [undefined, "skip"]));

test("flags about the gateway become settings", () =>
  assert.deepEqual(flagChanges({ gatewayPort: "19000", gatewayPassword: "p", gatewayTokenRefEnv: "T" }, { T: "t" }), [
    { path: "gateway.port", value: 19_000 },
    { path: "gateway.auth.mode", value: "password" },
    { path: "gateway.auth.token", value: { source: "env", provider: "default", id: "T" } },
    { path: "gateway.auth.password", value: "p" },
  ]));

for (const options of [
  { gatewayPort: "0" },
  { gatewayToken: "a", gatewayTokenRefEnv: "T" },
  { gatewayTokenRefEnv: "NOT_SET" },
])
  test(`refused: ${JSON.stringify(options)}`, () =>
    assert.throws(() => flagChanges(options, { T: "t" }), { code: "SETUP_FLAG" }));

test("vendors are found by a part of their name", () =>
  assert.deepEqual(
    matches("copilot", vendors).map(({ id }) => id),
    ["copilot-proxy", "github-copilot"],
  ));
