/**
 * What stands in a record by rule, whatever a model wrote: the request under way word for word, files, failures,
 * identifiers that were left out; and the record that is put together when no model writes one. Pure.
 */
import { cut, onOneLine } from "../../../base/text.ts";
import { textOf } from "../../../contracts/message.ts";
import type { Message } from "../../../contracts/message.ts";
import { identifiersOf } from "./facts.ts";
import type { Facts } from "./facts.ts";
import type { SummaryQuestion } from "./summarise.ts";

const RULE = "\n\n---\n";
const MOST_IDENTIFIERS = 40;
const REQUEST_CHARS = 2000;
const SAID_CHARS = 300;
/** Share of the window that each list may take. */
const FACTS_SHARE = 0.01;

/** The body, and below a rule what it does not say. */
export function withFacts(body: string, { history, begun, settings, window }: SummaryQuestion, facts: Facts): string {
  const messages = [...history, ...begun];
  const most = Math.min(MOST_IDENTIFIERS, Math.floor(window / 400));
  const told = settings.identifierPolicy === "off" ? [] : identifiersOf(messages, most);
  const known = new Set([...facts.readFiles, ...facts.modifiedFiles]);
  const missing = told.filter((identifier) => !known.has(identifier) && !body.includes(identifier));
  const room = window * 4 * FACTS_SHARE;
  const sections = [
    section("Files changed", facts.modifiedFiles, room),
    section("Files read", facts.readFiles, room),
    section("Failed tool calls", facts.failures, room),
    section("Identifiers that were named", missing.toReversed(), room),
  ].filter((text) => text !== "");
  return sections.length === 0 ? body : `${body}${RULE}${sections.join("\n\n")}`;
}

/** Everything after the rule is found anew each time. */
export function withoutRule(summary: string): string {
  const at = summary.lastIndexOf(RULE);
  return at < 0 ? summary : summary.slice(0, at);
}

/** What the person asked in the turn under way, word for word as far as that is possible. */
export function quotedRequest(begun: readonly Message[]): string {
  const asked = begun.find(({ role }) => role === "user");
  const text = asked === undefined ? "" : textOf(asked).trim();
  if (text === "") return "";
  return cut(text, REQUEST_CHARS).replace(/^/gm, "> ");
}

/** What can be told without a model: what was asked last, and what was answered. */
export function minimalRecord({ history, begun, previous }: SummaryQuestion): string {
  const all = [...history, ...begun];
  const saidBy = (role: Message["role"], most: number) =>
    all
      .filter((message) => message.role === role && textOf(message).trim() !== "")
      .slice(-most)
      .map((message) => `- ${cut(onOneLine(textOf(message)), SAID_CHARS)}`)
      .join("\n");
  return [
    previous === undefined ? "" : withoutRule(previous),
    "(No model could summarise what follows; these are its beginnings.)",
    `## Goal\nThe person's newest messages:\n${saidBy("user", 8)}`,
    `## Done\nThe assistant's newest answers:\n${saidBy("assistant", 4)}`,
  ]
    .filter((text) => text !== "")
    .join("\n\n");
}

function section(title: string, lines: readonly string[], room: number): string {
  const kept: string[] = [];
  let chars = 0;
  for (const line of lines.toReversed()) {
    chars += line.length + 3;
    if (chars > Math.max(400, room) && kept.length > 0) break;
    kept.unshift(`- ${line}`);
  }
  return kept.length === 0 ? "" : `### ${title}\n${kept.join("\n")}`;
}
