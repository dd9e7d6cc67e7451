/**
 * The sections of the system prompt, in order. Those before the cache boundary depend on configuration, tools, skills
 * and workspace files only: no clock, nothing of the conversation. The provider's cache of them is hit as long as
 * their bytes stay the same.
 */
import { cut, onOneLine, printable } from "../../../base/text.ts";
import type { Draft, PromptParts, Section, SectionId } from "./parts.ts";

type Mode = "full" | "minimal";

interface Rule {
  readonly id: SectionId;
  /** Heading; absent = none. */
  readonly title?: string | ((parts: PromptParts) => string);
  readonly stable: boolean;
  /** Helpers are told it too. */
  readonly minimal?: true;
  /** Empty = the section is absent. */
  readonly body: (parts: PromptParts, draft: Draft) => string;
}

const has = (draft: Draft, name: string): boolean => draft.tools.some((tool) => tool.name === name);

const SECTIONS: readonly Rule[] = [
  { id: "identity", stable: true, minimal: true, body: ({ request }) => identityLine(request.agent.identity.name) },
  {
    id: "personality",
    title: "Manner",
    stable: true,
    body: ({ request, facts, prose }) =>
      facts.friendly && /(^|\/)gpt-5/i.test(request.modelRef) ? prose("personality-friendly") : "",
  },
  { id: "tooling", title: "Tooling", stable: true, minimal: true, body: tooling },
  {
    id: "execution",
    title: "Execution",
    stable: true,
    body: ({ facts, prose }) => lines(prose("bias"), facts.strict ? prose("bias-strict") : ""),
  },
  { id: "safety", title: "Safety", stable: true, minimal: true, body: ({ prose }) => prose("safety") },
  {
    id: "skills",
    title: "Skills",
    stable: true,
    body: ({ prose }, draft) =>
      draft.skills === "" || !(has(draft, "read") || has(draft, "exec"))
        ? ""
        : `${prose("skills").trim()}\n\n${draft.skills}`,
  },
  {
    id: "memory",
    title: "Memory Recall",
    stable: true,
    body: ({ prose }, draft) => (has(draft, "memory_search") || has(draft, "memory_get") ? prose("memory") : ""),
  },
  {
    id: "self-update",
    title: "Self-Update",
    stable: true,
    body: ({ prose }, draft) => (has(draft, "gateway") ? prose("self-update") : ""),
  },
  {
    id: "aliases",
    title: "Model Aliases",
    stable: true,
    body: ({ facts }) => facts.aliases.map(([alias, ref]) => `- ${alias}: ${ref}`).join("\n"),
  },
  {
    id: "workspace",
    title: "Workspace",
    stable: true,
    minimal: true,
    body: ({ request: { agent, folder = agent.workspace } }) =>
      folder === agent.workspace
        ? `Your working directory is ${folder}. Use it for files unless told otherwise.`
        : `Your working directory is ${folder}. Your own files lie in ${agent.workspace}.`,
  },
  { id: "documentation", title: "Documentation", stable: true, body: ({ prose }) => prose("documentation") },
  { id: "sandbox", title: "Sandbox", stable: true, minimal: true, body: sandbox },
  {
    id: "owners",
    title: "User Identity",
    stable: true,
    body: ({ facts }) =>
      facts.owners.length === 0 ? "" : `Owner: ${facts.owners.join(", ")}. Messages from there come from the owner.`,
  },
  {
    id: "time",
    title: "Current Date & Time",
    stable: true,
    minimal: true,
    body: ({ facts }, draft) =>
      `Time zone: ${facts.timezone}\nTime format: ${facts.hourCycle}${has(draft, "session_status") ? "\nAsk session_status for the clock." : ""}`,
  },
  { id: "files", title: "Project Context", stable: true, minimal: true, body: projectContext },
  // Behind the boundary: whoever edits it does not throw the prefix away.
  {
    id: "heartbeat-file",
    stable: false,
    body: (_parts, draft) => draft.files.filter(isHeartbeat).map(fileText).join("\n\n"),
  },
  {
    id: "reply-tags",
    title: "Reply Tags",
    stable: false,
    body: ({ request, prose }) => (request.channel?.replyTags === true ? prose("reply-tags") : ""),
  },
  {
    id: "messaging",
    title: "Messaging",
    stable: false,
    body: ({ prose }, draft) =>
      has(draft, "message")
        ? lines(prose("messaging"), has(draft, "sessions_send") ? prose("messaging-sessions") : "")
        : "",
  },
  { id: "conversation", title: conversationTitle, stable: false, minimal: true, body: conversation },
  {
    id: "reactions",
    title: "Reactions",
    stable: false,
    body: ({ request, prose }) =>
      request.channel?.reactions === undefined ? "" : prose(`reactions-${request.channel.reactions}`),
  },
  {
    id: "voice",
    title: "Spoken Answers",
    stable: false,
    body: ({ request: { channel }, prose }) =>
      channel?.speech === undefined ? "" : `${SPOKEN[channel.speech]} ${prose("voice").trim()}`,
  },
  {
    id: "silence",
    title: "Silent Replies",
    stable: false,
    // In a group that hears everything its own words say it.
    body: ({ request, prose }) => (request.group?.activation === "always" ? "" : prose("silence")),
  },
  {
    id: "heartbeats",
    title: "Heartbeats",
    stable: false,
    body: ({ facts, prose }) =>
      facts.heartbeat === undefined ? "" : `${prose("heartbeats").trim()}\n\n> ${facts.heartbeat}`,
  },
  { id: "runtime", title: "Runtime", stable: false, minimal: true, body: runtime },
  {
    id: "reasoning",
    title: "Reasoning",
    stable: false,
    minimal: true,
    body: ({ request }) =>
      `Visibility: ${request.reasoning ?? "off"}. ${request.reasoning === "on" || request.reasoning === "stream" ? "The person sees what you think; /reasoning off hides it." : "The person does not see what you think unless they switch it on with /reasoning."}`,
  },
];

const SPOKEN = {
  always: "Every answer here is also read aloud.",
  inbound: "Answers to voice messages are also read aloud.",
  tagged: "An answer here is read aloud only when it carries a tag.",
} as const;

/** The sections that are there, in order. */
export function renderSections(parts: PromptParts, draft: Draft): readonly Section[] {
  const mode = parts.request.mode ?? "full";
  if (mode === "none") return [{ id: "identity", text: identityLine(parts.request.agent.identity.name), stable: true }];
  return SECTIONS.filter((rule) => isTold(rule, mode) && !draft.omitted.has(rule.id)).flatMap((rule) => {
    const body = rule.body(parts, draft).trim();
    if (body === "") return [];
    const title = typeof rule.title === "function" ? rule.title(parts) : rule.title;
    return [{ id: rule.id, text: title === undefined ? body : `## ${title}\n\n${body}`, stable: rule.stable }];
  });
}

function isTold(rule: Rule, mode: Mode): boolean {
  return mode === "full" || rule.minimal === true;
}

function identityLine(name: string | undefined): string {
  return `You are ${name === undefined ? "a personal assistant" : `${name}, a personal assistant`} running inside OpenClaw, on the owner's own machine.`;
}

function tooling({ request, prose }: PromptParts, draft: Draft): string {
  if (draft.tools.length === 0) return "";
  const list = draft.tools.map((tool) => `- ${tool.name}: ${tool.summary}`).join("\n");
  const background = has(draft, "exec") && has(draft, "process");
  const advice = lines(
    draft.brief || request.mode === "minimal" ? "" : prose("tooling"),
    background ? prose("tooling-exec") : "",
    has(draft, "cron") ? prose("tooling-cron") : "",
    has(draft, "sessions_spawn") ? prose("tooling-spawn") : "",
  );
  return `Tools available to you:\n${list}${advice === "" ? "" : `\n\n${advice}`}`;
}

function sandbox({ request }: PromptParts): string {
  const { sandbox: place } = request;
  if (!place) return "";
  return lines(
    "You work in a sandbox; not every program of the machine is there.",
    `Workspace inside: ${place.inside}. On the machine: ${place.outside} (${place.access}).`,
    place.browserUrl === undefined ? "" : `Its browser can be watched at ${place.browserUrl}.`,
    place.elevated ? "Commands with `elevated` run on the machine itself." : "",
  );
}

function projectContext({ notice }: PromptParts, draft: Draft): string {
  const files = draft.files.filter((file) => !isHeartbeat(file));
  if (files.length === 0) return "";
  const head = "These workspace files are loaded for you; they may be edited by you and by the owner.";
  return [notice === undefined ? head : `${head} ${notice}`, ...files.map(fileText)].join("\n\n");
}

const isHeartbeat = ({ name }: { readonly name: string }): boolean => name === "HEARTBEAT.md";

const fileText = ({ name, path, text }: { name: string; path: string; text: string | undefined }): string =>
  text === undefined ? `### ${name}\n\n[missing: ${path}]` : `### ${name}\n\n${text.trimEnd()}`;

function conversationTitle({ request }: PromptParts): string {
  if (request.mode === "minimal") return "Subagent Context";
  return request.group ? "Group Chat Context" : "Conversation Context";
}

function conversation({ request, prose }: PromptParts): string {
  return [request.group ? groupIntro(request.group, prose) : "", request.extra?.trim() ?? ""]
    .filter((text) => text !== "")
    .join("\n\n");
}

/** Who is here, and when to speak. It stands in every turn: the words of a first turn alone would be lost in time. */
function groupIntro(group: NonNullable<PromptParts["request"]["group"]>, prose: PromptParts["prose"]): string {
  const where = group.name === undefined ? `a ${group.kind}` : `the ${group.kind} ${quoted(group.name)}`;
  const named = (group.members ?? []).slice(0, MAX_MEMBERS).map(quoted);
  const members = named.length === 0 ? "" : ` Members: ${named.join(", ")}.`;
  return `You are in ${where} on ${group.channel}.${members} Activation: ${group.activation}. ${prose(`group-${group.activation}`).trim()}`;
}

const MAX_MEMBERS = 12;

/** Words that anybody in the chat may have chosen: one short line, marked as a name. */
function quoted(name: string): string {
  return JSON.stringify(cut(onOneLine(printable(name)), 60));
}

function runtime({ request, facts }: PromptParts): string {
  return [
    `agent=${request.agent.id}`,
    `host=${facts.host}`,
    `os=${facts.os}`,
    `node=${facts.node}`,
    `model=${request.modelRef}`,
    ...(facts.repo === undefined ? [] : [`repo=${facts.repo}`]),
    `thinking=${request.thinking}`,
  ].join(" | ");
}

function lines(...texts: readonly string[]): string {
  return texts
    .map((text) => text.trim())
    .filter((text) => text !== "")
    .join("\n");
}
