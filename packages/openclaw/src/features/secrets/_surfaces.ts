/** Where references to secrets may stand, and whether anything will read what they refer to. */
import type { Env } from "../../base/env.ts";
import type { ConfigSection } from "../../contracts/config.ts";
import { valueAt, type Segment } from "../config/index.ts";

type Path = readonly Segment[];

const TLS = ["ca", "cert", "key", "passphrase"];
const SUPPORTED = [
  ...["apiKey", "headers.*", "request.auth.token", "request.auth.value", "request.headers.*"].map(ofProvider),
  ...TLS.flatMap((name) => [`request.tls.${name}`, `request.proxy.tls.${name}`]).map(ofProvider),
  "skills.entries.*.apiKey",
  ...["defaults", "list.*"].flatMap((agents) => [
    `agents.${agents}.memorySearch.remote.apiKey`,
    `agents.${agents}.tts.providers.*.apiKey`,
    ...["identityData", "certificateData", "knownHostsData"].map((name) => `agents.${agents}.sandbox.ssh.${name}`),
  ]),
  "talk.apiKey",
  "talk.providers.*.apiKey",
  "messages.tts.providers.*.apiKey",
  ...["elevenlabs", "openai"].map((name) => `messages.tts.${name}.apiKey`),
  "tools.web.search.apiKey",
  "tools.web.search.*.apiKey",
  "tools.web.fetch.firecrawl.apiKey",
  "plugins.entries.*.config.webSearch.apiKey",
  ...["twilio.authToken", "telnyx.apiKey", "plivo.authToken", "streaming.openaiApiKey", "tts.providers.*.apiKey"].map(
    (name) => `plugins.entries.voice-call.config.${name}`,
  ),
  "plugins.entries.acpx.config.mcpServers.*.env.*",
  ...["auth", "remote"].flatMap((part) => [`gateway.${part}.token`, `gateway.${part}.password`]),
  "cron.webhookToken",
].map(split);

/** Whether a reference at a path is one: at documented places, and wherever a section declares a secret. */
export function surfacesOf(sections: readonly ConfigSection[]): (path: Path) => "supported" | "rejected" | "none" {
  const rejected = sections.flatMap(({ path, noReferences = [] }) => noReferences.map((below) => at(path, below)));
  const declared = sections.flatMap(({ path, secrets = [] }) => secrets.map((below) => at(path, below)));
  const all = [...SUPPORTED, ...declared];
  return (path) => {
    if (rejected.some((pattern) => matches(pattern, path))) return "rejected";
    return all.some((pattern) => matches(pattern, path)) ? "supported" : "none";
  };
}

/** Why nobody will read what stands at a path; undefined when somebody will. */
export function inactiveBecause(path: Path, root: unknown, env: Env): string | undefined {
  return off(path, root) ?? gatewayReason(path, root, env) ?? searchReason(path, root) ?? backendReason(path, root);
}

/** A holder on the way down that is switched off: a channel, an account, a plugin, a skill. */
function off(path: Path, root: unknown): string | undefined {
  const depths = SWITCHES.filter(
    (pattern) => pattern.length < path.length && matches(pattern, path.slice(0, pattern.length)),
  );
  const holder = depths
    .map(({ length }) => path.slice(0, length))
    .find((place) => valueAt(root, [...place, "enabled"]) === false);
  return holder && `${holder.join(".")} is disabled`;
}

const SWITCHES = [
  "channels.*",
  "channels.*.accounts.*",
  "plugins.entries.*",
  "skills.entries.*",
  "tools.web.search",
  "tools.web.fetch",
  "tools.web.fetch.firecrawl",
  "agents.defaults.memorySearch",
  "agents.list.*.memorySearch",
  "cron",
  "plugins",
].map(split);

function gatewayReason(path: Path, root: unknown, env: Env): string | undefined {
  const [section, part, name] = path;
  if (section !== "gateway") return undefined;
  if (part === "remote" && valueAt(root, "gateway.mode") !== "remote") return "gateway.mode is not remote";
  if (part !== "auth") return undefined;
  const mode = valueAt(root, "gateway.auth.mode");
  const variable = name === "token" ? "OPENCLAW_GATEWAY_TOKEN" : "OPENCLAW_GATEWAY_PASSWORD";
  if (env[variable]) return `${variable} is set`;
  return mode === undefined || mode === name ? undefined : `gateway.auth.mode is ${String(mode)}`;
}

function searchReason(path: Path, root: unknown): string | undefined {
  const chosen = valueAt(root, "tools.web.search.provider");
  if (typeof chosen !== "string" || chosen === "auto") return undefined;
  const ofPlugin = path[0] === "plugins" && path[4] === "webSearch";
  const ofProvider = path.length === 5 && path.slice(0, 3).join(".") === "tools.web.search";
  const provider = ofPlugin ? path[2] : ofProvider ? path[3] : chosen;
  return provider === chosen ? undefined : `tools.web.search.provider is ${chosen}`;
}

function backendReason(path: Path, root: unknown): string | undefined {
  const at = path.indexOf("ssh");
  if (path[0] !== "agents" || path[at - 1] !== "sandbox") return undefined;
  const backend =
    valueAt(root, [...path.slice(0, at), "backend"]) ?? valueAt(root, "agents.defaults.sandbox.backend") ?? "docker";
  return backend === "ssh" ? undefined : `the sandbox backend is ${String(backend)}`;
}

function ofProvider(name: string): string {
  return `models.providers.*.${name}`;
}

function at(section: string, below: string): readonly string[] {
  return split(`${section}.${below.replace(/\[\*?\]/g, ".*")}`);
}

function split(pattern: string): readonly string[] {
  return pattern.split(".").filter((part) => part !== "");
}

function matches(pattern: readonly string[], path: Path): boolean {
  return pattern.length === path.length && pattern.every((part, at) => part === "*" || part === String(path[at]));
}
