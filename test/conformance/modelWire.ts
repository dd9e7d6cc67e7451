/**
 * How each part of a conversation goes over the wire, per dialect: what is stated in `docs/reference/model-wire.md`, taken
 * from the dialects themselves. A part is shown as what it adds to the body of a request.
 */
import { isRecord } from "../../packages/openclaw/src/base/record.ts";
import type {
  AssistantMessage,
  DocumentPart,
  ImagePart,
  Message,
  TextPart,
} from "../../packages/openclaw/src/contracts/message.ts";
import type { Dialect, Endpoint, ThinkingLevel } from "../../packages/openclaw/src/contracts/model.ts";
import { dialects } from "../../packages/openclaw/src/generated/dialects.ts";
import { WIRES } from "../fakes/_wires.ts";
import type { WireApi } from "../fakes/_wires.ts";
import { answerBytes } from "../fakes/model-server.ts";
import { collect, delivering, ioWith, messageOf, requestFor } from "./_dialect-kit.ts";
import type { RequestChanges } from "./_dialect-kit.ts";

export const PAGE = "docs/reference/model-wire.md";

export const APIS = Object.keys(WIRES) as readonly WireApi[];

interface Row {
  readonly part: string;
  /** The request without the part, where it is not the common one. */
  readonly before?: (thought: AssistantMessage) => RequestChanges;
  readonly with: (thought: AssistantMessage) => RequestChanges;
}

const MODEL = {
  id: "model-1",
  name: "Model",
  reasoning: true,
  input: ["text", "image"],
  contextWindow: 100_000,
  maxTokens: 8192,
} as const;
const PICTURE: ImagePart = { type: "image", data: "UElDVFVSRQ==", mimeType: "image/png" };
const PDF: DocumentPart = { type: "document", data: "UERG", mimeType: "application/pdf", name: "plan.pdf" };
const TOOL = {
  name: "exec",
  description: "Runs a command",
  parameters: { type: "object", properties: { command: { type: "string" } }, required: ["command"] },
} as const;
const HELLO: Message = { role: "user", content: "hello", timestamp: 1 };

/** The call of an answer of this dialect, without its thought. */
const called = (thought: AssistantMessage): AssistantMessage => ({
  ...thought,
  content: thought.content.filter((part) => part.type === "toolCall"),
});
function resultOf(thought: AssistantMessage, content: readonly (TextPart | ImagePart)[], isError = false): Message {
  const call = thought.content.find((part) => part.type === "toolCall");
  return { role: "toolResult", toolCallId: call?.id ?? "", toolName: "exec", content, isError, timestamp: 3 };
}
const text = (words: string): TextPart => ({ type: "text", text: words });
const says = (...content: (TextPart | ImagePart | DocumentPart)[]): RequestChanges => ({
  messages: [HELLO, { role: "user", content, timestamp: 2 }],
});
const answered = (thought: AssistantMessage, result = resultOf(thought, [text("done")])): RequestChanges => ({
  tools: [TOOL],
  messages: [HELLO, thought, result],
});
const noThought = (thought: AssistantMessage) => answered(called(thought));

/** At the vendor's own host, where a model that does not think and one that does differ in this only. */
const thinking = (level: ThinkingLevel, reasoning: boolean): RequestChanges => ({
  thinking: level,
  maxTokens: 32_000,
  endpoint: {
    native: true,
    model: { ...MODEL, reasoning, maxTokens: 32_000, compat: { supportsDeveloperRole: false } },
  },
});
const kept = (cacheRetention: "none" | "long"): RequestChanges => ({
  cacheRetention,
  endpoint: { native: true, model: MODEL },
  system: [{ text: "You are brief.", stable: true }],
  tools: [TOOL],
});

const ROWS: readonly Row[] = [
  {
    part: "System prompt: what stays, then what changes",
    with: () => ({
      system: [
        { text: "You are brief.", stable: true },
        { text: "Today is Monday.", stable: false },
      ],
    }),
  },
  { part: "Text of a person", with: () => says(text("how are you?")) },
  { part: "Picture", before: () => says(text("look")), with: () => says(text("look"), PICTURE) },
  {
    part: "Picture, for a model without eyes",
    before: () => ({ ...says(text("look")), endpoint: { model: { ...MODEL, input: ["text"] } } }),
    with: () => ({ ...says(text("look"), PICTURE), endpoint: { model: { ...MODEL, input: ["text"] } } }),
  },
  {
    part: "Document",
    before: () => ({ ...says(text("read")), endpoint: { documents: true } }),
    with: () => ({ ...says(text("read"), PDF), endpoint: { documents: true } }),
  },
  { part: "Document, where none are taken", before: () => says(text("read")), with: () => says(text("read"), PDF) },
  {
    part: "Text of an answer",
    with: (thought) => ({ messages: [HELLO, { ...thought, content: [text("Fine.")], stopReason: "stop" }] }),
  },
  { part: "Tools", with: () => ({ tools: [TOOL] }) },
  {
    part: "Any tool must be called",
    before: () => ({ tools: [TOOL] }),
    with: () => ({ tools: [TOOL], toolChoice: "required" }),
  },
  {
    part: "This tool must be called",
    before: () => ({ tools: [TOOL] }),
    with: () => ({ tools: [TOOL], toolChoice: { name: "exec" } }),
  },
  { part: "Tool call and its result", before: () => ({ tools: [TOOL] }), with: noThought },
  {
    part: "Result that is an error",
    before: noThought,
    with: (thought) => answered(called(thought), resultOf(thought, [text("done")], true)),
  },
  {
    part: "Picture in a result",
    before: noThought,
    with: (thought) => answered(called(thought), resultOf(thought, [text("done"), PICTURE])),
  },
  { part: "Thought, to whoever thought it", before: noThought, with: (thought) => answered(thought) },
  {
    part: "Thought, to somebody else",
    before: (thought) => answered({ ...called(thought), provider: "another" }),
    with: (thought) => answered({ ...thought, provider: "another" }),
  },
  { part: "Thinking level `off`", before: () => thinking("off", false), with: () => thinking("off", true) },
  { part: "Thinking level `low`", before: () => thinking("low", false), with: () => thinking("low", true) },
  { part: "Thinking level `high`", before: () => thinking("high", false), with: () => thinking("high", true) },
  { part: "Limit, temperature, stops", with: () => ({ maxTokens: 500, temperature: 0.5, stop: ["END"] }) },
  { part: "Prompt kept for an hour", before: () => kept("none"), with: () => kept("long") },
];

export const PARTS = ROWS.map((row) => row.part);

/** What each dialect sends for each part, by part. */
export async function modelWire(): Promise<ReadonlyMap<string, ReadonlyMap<WireApi, unknown>>> {
  const table = new Map(PARTS.map((part) => [part, new Map<WireApi, unknown>()]));
  for (const api of APIS) {
    const { dialect } = await (dialects[api] as NonNullable<(typeof dialects)[string]>)();
    const thought = await thoughtOf(dialect, api);
    for (const row of ROWS) {
      const before = await bodyOf(dialect, api, row.before?.(thought) ?? {});
      table.get(row.part)?.set(api, added(before, await bodyOf(dialect, api, row.with(thought))));
    }
  }
  return table;
}

export async function modelWirePage(): Promise<string> {
  const table = await modelWire();
  const sections = [...table].map(([part, found]) => {
    const shown = [...found].map(
      ([api, value]) => `- \`${api}\`: ${value === undefined ? "nothing" : `\`${JSON.stringify(value)}\``}`,
    );
    return [`## ${part}`, "", ...shown, ""].join("\n");
  });
  return `${HEAD}\n${sections.join("\n")}`;
}

const HEAD = `<!-- Written by scripts/model-wire.ts --write from the dialects; do not edit. A test compares it. -->

# What goes over the wire

For each part of a conversation, what it adds to the body of a request, in each of the protocols in which models are
spoken to. "Nothing" means that the part is left out on purpose: the protocol, or the server, has no word for it. The
server here is a stand-in; thinking and what is kept of a prompt are shown as at the vendor's own host, which takes more.

Malformed history (a call without a result, empty messages, pictures that are none) is repaired before any of this, in one place.
`;

/** An answer of this dialect that thinks and then calls. */
async function thoughtOf(dialect: Dialect, api: WireApi): Promise<AssistantMessage> {
  const answer = {
    thinking: ["Let me see."],
    signature: "UFJPT0Y=",
    calls: [{ id: "call_1", name: "exec", arguments: '{"command":"ls"}' }],
  };
  const io = ioAtZero(delivering([answerBytes(api, answer)], WIRES[api].contentType));
  const last = (await collect(dialect.stream(requested(api, {}), io))).at(-1);
  if (!last) throw new Error("the dialect said nothing");
  return messageOf(last);
}

/** The body of the request, as the product's exit for HTTP sees it. */
async function bodyOf(dialect: Dialect, api: WireApi, changes: RequestChanges): Promise<unknown> {
  const bodies: unknown[] = [];
  const io = ioAtZero((_, { body }) => {
    bodies.push(JSON.parse(String(body)));
    return Promise.reject(new Error("enough"));
  });
  await collect(dialect.stream(requested(api, changes), io));
  return bodies[0];
}

function ioAtZero(fetch: Parameters<typeof ioWith>[0]) {
  const io = ioWith(fetch);
  return { ...io, clock: { ...io.clock, now: () => 0 } };
}

function requested(api: WireApi, { endpoint, ...changes }: RequestChanges) {
  return requestFor(api, "https://models.test", {
    system: [],
    tools: [],
    messages: [HELLO],
    ...changes,
    endpoint: { ...endpoint, model: modelFor(api, endpoint) },
  });
}

/** On Bedrock marks and thoughts are Claude's. */
function modelFor(api: WireApi, { model = MODEL }: Partial<Endpoint> = {}): Endpoint["model"] {
  return api === "bedrock-converse-stream" ? { ...model, id: "anthropic.claude-1" } : model;
}

/** What `after` has and `before` has not; undefined when there is nothing. */
function added(before: unknown, after: unknown): unknown {
  if (JSON.stringify(before) === JSON.stringify(after)) return undefined;
  if (Array.isArray(after)) {
    const old = Array.isArray(before) ? before : [];
    const same = new Set(old.map((one) => JSON.stringify(one)));
    const fresh = after.filter((one) => !same.has(JSON.stringify(one)));
    const changed = after.length === old.length && fresh.length === 1;
    return changed
      ? [
          added(
            old.find((one, at) => JSON.stringify(one) !== JSON.stringify(after[at])),
            fresh[0],
          ),
        ]
      : fresh.length > 0
        ? fresh
        : undefined;
  }
  if (!isRecord(after) || !isRecord(before)) return after;
  const entries = Object.entries(after).map(([key, value]) => [key, added(before[key], value)] as const);
  const grown = entries.filter(([, value]) => value !== undefined);
  return grown.length > 0 ? Object.fromEntries(grown) : undefined;
}
