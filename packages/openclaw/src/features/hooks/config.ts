/** `hooks`: messages from other programs by HTTP, mail, and scripts on events. */
import { secretsEqual } from "../../base/compare.ts";
import { Type, choice, closed } from "../../contracts/schema.ts";
import { defineConfig } from "../../contracts/config.ts";
import {
  flag,
  listOf,
  maybeFlag,
  maybePart,
  maybeText,
  maybeWhole,
  maybeWords,
  pick,
  text,
  whole,
} from "../../contracts/config-kinds.ts";
import { gmail } from "./_config-gmail.ts";
import { internal } from "./_config-internal.ts";

const mapping = closed({
  id: maybeText("Name of the mapping in logs"),
  match: maybePart(
    {
      path: maybeText("Path below `hooks.path`"),
      source: maybeText("Value of `source` in what is sent"),
    },
    "What it is for; absent means everything",
  ),
  action: pick(["wake", "agent"], "agent", "Wake the main session, or start a run of its own"),
  wakeMode: pick(["now", "next-heartbeat"], "now", "When the main session hears of it"),
  name: maybeText("Name of the source in the summary"),
  agentId: maybeText("Agent that runs; absent means the default one"),
  sessionKey: maybeText("Session of the run, may be a template; absent means a new one"),
  messageTemplate: maybeText("Message of the run; `{{a.b[0].c}}` is taken from what was sent"),
  textTemplate: maybeText("Text of a wake, with the same placeholders"),
  deliver: flag(false, "Send the answer to a chat"),
  channel: text("last", "Channel of that chat; `last` is the one used last"),
  to: maybeText("Person or chat there"),
  model: maybeText("Model of the run"),
  thinking: maybeText("How hard it thinks"),
  timeoutSeconds: maybeWhole("Longest run, seconds", { minimum: 1 }),
  allowUnsafeExternalContent: maybeFlag("Treat what was sent as if the owner had written it"),
  transform: maybePart(
    {
      module: Type.String({ minLength: 1, description: "Script in `transformsDir`" }),
      export: text("default", "Function of the script; returns an action, or null to skip"),
    },
    "Script that makes the action",
  ),
});

export const hooksSection = defineConfig({
  path: "hooks",
  summary: "Messages from other programs: by HTTP, from a mailbox, and scripts on events.",
  reload: "restart:hooks",
  reloads: { gmail: "restart:gmail", internal: "restart" },
  secrets: ["token", "gmail.pushToken", "internal.entries.*.env.*"],
  noReferences: ["token", "gmail.pushToken", "mappings.*.sessionKey"],
  schema: closed({
    enabled: flag(false, "Accept hooks; needs a token"),
    token: maybeText("Secret that callers send as `Authorization: Bearer` or `x-openclaw-token`"),
    path: text("/hooks", "Path of the hooks"),
    maxBodyBytes: whole(262_144, "Largest body accepted", { minimum: 1 }),
    allowQueryToken: flag(false, "Also accept the token as `?token=`, where it ends up in logs"),
    presets: listOf(choice(["gmail"]), "Ready-made mappings"),
    transformsDir: maybeText("Folder of transform scripts; absent means `hooks/transforms` in the state directory"),
    defaultSessionKey: maybeText("Session of runs that name none; absent means a new one for each"),
    allowRequestSessionKey: maybeFlag("Let callers choose the session; absent allows it and the audit says so"),
    allowedSessionKeyPrefixes: maybeWords("Beginnings that chosen sessions must have; absent means any"),
    allowedAgentIds: maybeWords("Agents that callers may choose; absent or `*` means any, empty means none"),
    mappings: listOf(mapping, "What other paths do; the first that fits counts"),
    gmail,
    internal,
  }),
  rules: (hooks, root) => [...tokenRules(hooks, root), ...pathRules(hooks)],
  warnings: ({ mappings, allowRequestSessionKey }) =>
    allowRequestSessionKey === undefined
      ? mappings.flatMap(({ sessionKey }, at) =>
          sessionKey?.includes("{{")
            ? [
                {
                  path: `mappings[${at}].sessionKey`,
                  message: "lets the sender choose the session; say so with hooks.allowRequestSessionKey",
                },
              ]
            : [],
        )
      : [],
});

function tokenRules(
  hooks: { readonly enabled: boolean; readonly token?: string },
  root: Readonly<Record<string, unknown>>,
) {
  const token = hooks.token?.trim() ?? "";
  if (token === "") return hooks.enabled ? [{ path: "token", message: "is required when hooks are enabled" }] : [];
  return secretsEqual(token, gatewayToken(root))
    ? [{ path: "token", message: "must differ from gateway.auth.token: who may send hooks may not do everything" }]
    : [];
}

function pathRules({ path }: { readonly path: string }) {
  return path.replaceAll("/", "") === ""
    ? [{ path: "path", message: 'must not be "/": the gateway itself is there' }]
    : [];
}

function gatewayToken(root: Readonly<Record<string, unknown>>): string | undefined {
  const { auth } = (root["gateway"] ?? {}) as { readonly auth?: { readonly token?: unknown } };
  return typeof auth?.token === "string" ? auth.token.trim() : undefined;
}

export const config = [hooksSection];
