/** The logins that there are. */
import type { Flow } from "./flow.ts";

const named = (id: string) => () => id;

/** By provider and method. */
export const FLOWS: readonly Flow[] = [
  // The public client of OpenAI's open source Codex program.
  {
    kind: "browser",
    provider: "openai-codex",
    authorizeUrl: "https://auth.openai.com/oauth/authorize",
    tokenUrl: "https://auth.openai.com/oauth/token",
    redirectUri: "http://localhost:1455/auth/callback",
    scope: "openid profile email offline_access",
    clientId: named("app_EMoamEEZ73f0CkXaXp7hrann"),
    extra: { id_token_add_organizations: "true", codex_cli_simplified_flow: "true" },
    gives: "tokens",
  },
  // https://openrouter.ai/docs/use-cases/oauth-pkce: no client is registered, the code becomes a key.
  {
    kind: "browser",
    provider: "openrouter",
    authorizeUrl: "https://openrouter.ai/auth",
    tokenUrl: "https://openrouter.ai/api/v1/auth/keys",
    redirectUri: "http://localhost:3000/callback",
    scope: "",
    clientId: named(""),
    gives: "key",
  },
  // Chutes gives every application a client of its own.
  {
    kind: "browser",
    provider: "chutes",
    authorizeUrl: "https://api.chutes.ai/idp/authorize",
    tokenUrl: "https://api.chutes.ai/idp/token",
    redirectUri: "http://127.0.0.1:1456/oauth-callback",
    scope: "openid profile chutes:invoke",
    clientId: (env) => env["CHUTES_CLIENT_ID"]?.trim(),
    clientIdEnv: "CHUTES_CLIENT_ID",
    clientSecret: (env) => env["CHUTES_CLIENT_SECRET"]?.trim(),
    gives: "tokens",
  },
  // The public client of GitHub's Copilot extensions.
  {
    kind: "device",
    provider: "github-copilot",
    deviceUrl: "https://github.com/login/device/code",
    tokenUrl: "https://github.com/login/oauth/access_token",
    scope: "read:user",
    clientId: named("Iv1.b507a08c87ecfe98"),
    gives: "token",
  },
  // The public client of the open source Qwen Code program.
  {
    kind: "device",
    provider: "qwen-portal",
    deviceUrl: "https://chat.qwen.ai/api/v1/oauth2/device/code",
    tokenUrl: "https://chat.qwen.ai/api/v1/oauth2/token",
    scope: "openid profile email model.completion",
    clientId: named("f0304373b74a44d2b584a3fb70ca9e56"),
    pkce: true,
    gives: "tokens",
  },
];
