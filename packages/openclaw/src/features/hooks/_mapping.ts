/** From a request to the action that its mapping describes. */
import { isRecord } from "../../base/record.ts";
import { compact } from "../../base/text.ts";
import type { Static } from "../../contracts/schema.ts";
import { flag, modeOf, nameOf, seconds, text, type Body, type HookAction } from "./_action.ts";
import type { hooksSection } from "./config.ts";
import { errors } from "./errors.ts";
import { trimmed } from "./_path.ts";
import { fill, isTemplate, type HookRequest } from "./_template.ts";

export type HooksConfig = Static<typeof hooksSection.schema>;
type FileMapping = HooksConfig["mappings"][number];
/** A mapping of the file or of a preset. */
export type Mapping = FileMapping & { readonly modelOptional?: true };

/** The first mapping that fits; those of the file come before presets. */
export function mappingFor(config: HooksConfig, request: HookRequest): Mapping | undefined {
  return [...config.mappings, ...config.presets.map(() => gmailPreset(config))].find((one) => fits(one, request));
}

function fits({ match }: Mapping, { path, payload }: HookRequest): boolean {
  if (match?.path !== undefined && trimmed(match.path) !== trimmed(path)) return false;
  if (match?.source === undefined) return true;
  return isRecord(payload) && Object.hasOwn(payload, "source") && payload["source"] === match.source;
}

/** New mail, as the Gmail watcher reports it. */
function gmailPreset({ gmail }: HooksConfig): Mapping {
  return compact({
    id: "gmail",
    match: { path: "gmail" },
    action: "agent" as const,
    wakeMode: "now" as const,
    name: "Gmail",
    sessionKey: "hook:gmail:{{messages[0].id}}",
    messageTemplate:
      "New email from {{messages[0].from}}\nSubject: {{messages[0].subject}}\n{{messages[0].snippet}}\n{{messages[0].body}}",
    deliver: false,
    channel: "last",
    model: gmail?.model,
    modelOptional: true as const,
    thinking: gmail?.thinking,
    allowUnsafeExternalContent: gmail?.allowUnsafeExternalContent,
  });
}

/**
 * The action, with what a transform returned laid over it. Fields that come from the request (templates and
 * transforms) count as chosen by whoever sent it.
 */
export function actionOf(mapping: Mapping, request: HookRequest, over: Body = {}): HookAction {
  const filled = (template: string | undefined) => {
    const made = template === undefined ? "" : fill(template, request).trim();
    return made === "" ? undefined : made;
  };
  const kind = over["kind"] ?? over["action"] ?? mapping.action;
  const name = nameOf(text(over, "name") ?? filled(mapping.name) ?? mapping.id);
  const external = mapping.allowUnsafeExternalContent !== true;
  if (kind === "wake") {
    const said = text(over, "text") ?? filled(mapping.textTemplate ?? mapping.messageTemplate) ?? fallback(request);
    if (said === undefined) throw errors.HOOK_FIELD({ message: "text required" });
    return {
      kind: "wake",
      text: said,
      mode: modeOf(over["mode"] ?? over["wakeMode"] ?? mapping.wakeMode),
      external,
      name,
    };
  }
  const message = text(over, "message") ?? filled(mapping.messageTemplate ?? mapping.textTemplate) ?? fallback(request);
  if (message === undefined) throw errors.HOOK_FIELD({ message: "message required" });
  const deliver = over["deliver"] === undefined ? mapping.deliver : flag(over, "deliver");
  return compact({
    kind: "agent" as const,
    message,
    external: external && over["allowUnsafeExternalContent"] !== true,
    name,
    agentId: text(over, "agentId") ?? mapping.agentId,
    sessionKey: text(over, "sessionKey") ?? filled(mapping.sessionKey),
    keyChosen: text(over, "sessionKey") !== undefined || isTemplate(mapping.sessionKey ?? ""),
    agentChosen: text(over, "agentId") !== undefined,
    wakeMode: modeOf(over["wakeMode"] ?? mapping.wakeMode),
    deliver: deliver ? ("yes" as const) : ("no" as const),
    channel: text(over, "channel") ?? filled(mapping.channel) ?? "last",
    to: text(over, "to") ?? filled(mapping.to),
    model: text(over, "model") ?? mapping.model,
    modelOptional: mapping.modelOptional,
    thinking: text(over, "thinking") ?? mapping.thinking,
    timeoutMs: seconds(over["timeoutSeconds"] ?? mapping.timeoutSeconds),
  });
}

/** What a mapping without a template says: the text that was sent, or all of it. */
function fallback({ payload }: HookRequest): string | undefined {
  if (isRecord(payload)) {
    for (const name of ["message", "text"]) {
      const value = Object.hasOwn(payload, name) ? payload[name] : undefined;
      if (typeof value === "string" && value.trim() !== "") return value.trim();
    }
  }
  const all = JSON.stringify(payload, undefined, 2);
  return all === "{}" || all === "[]" ? undefined : all;
}
