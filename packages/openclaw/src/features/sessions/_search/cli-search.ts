/** Body of `sessions search`. */
import { compact, printable } from "../../../base/text.ts";
import type { CliContext } from "../../../contracts/cli.ts";
import { errors } from "../errors.ts";

interface Answer {
  readonly results: readonly {
    readonly sessionKey?: string;
    readonly sessionId: string;
    readonly role: string;
    readonly timestamp: number;
    readonly excerpt: string;
    readonly matches: readonly (readonly [number, number])[];
    readonly archived: boolean;
    readonly title?: string;
  }[];
  readonly sessions: readonly { readonly key: string; readonly label?: string; readonly displayName?: string }[];
  readonly complete: boolean;
  readonly stopped: string;
}

const TIMEOUT_MS = 20_000;

export async function run({ call, args, options, out, global }: CliContext): Promise<void> {
  const params = compact({
    query: args.join(" "),
    agentId: options["agent"],
    key: options["key"],
    archived: options["archived"] === false ? false : undefined,
    limit: limitOf(options["limit"]),
    roles: options["tools"] === true ? ["user", "assistant", "tool"] : undefined,
    timeoutMs: TIMEOUT_MS,
  });
  const called = { scopes: ["operator.read"], timeoutMs: TIMEOUT_MS + 10_000 };
  const answer = (await call("sessions.search", params, called)) as Answer;
  if (global.json) return out.json(answer);
  for (const { key, label, displayName } of answer.sessions)
    out.line(`${out.paint.accent(key)}  ${printable(label ?? displayName ?? "")}`.trimEnd());
  for (const hit of answer.results) {
    const place = hit.sessionKey ?? hit.sessionId;
    const when = new Date(hit.timestamp).toISOString().slice(0, 16).replace("T", " ");
    const before = hit.archived ? out.paint.dim(" (before a reset)") : "";
    out.line(`${out.paint.dim(when)}  ${out.paint.accent(place)}${before}  ${hit.role}`);
    out.line(`  ${marked(hit, out.paint.bold)}`);
  }
  if (answer.results.length + answer.sessions.length === 0) out.line("Nothing was found.");
  if (answer.stopped === "limit") out.note("There may be more: --limit <n> shows up to 100.");
  else if (!answer.complete) out.note("Not everything could be looked through in time: --agent or --key look at less.");
}

function marked({ excerpt, matches }: Answer["results"][number], bold: (text: string) => string): string {
  let text = "";
  let at = 0;
  for (const [start, length] of matches) {
    text += printable(excerpt.slice(at, start)) + bold(printable(excerpt.slice(start, start + length)));
    at = start + length;
  }
  return text + printable(excerpt.slice(at));
}

function limitOf(given: unknown): number | undefined {
  if (given === undefined) return undefined;
  const limit = Number(given);
  if (!Number.isInteger(limit) || limit < 1 || limit > 100) throw errors.SEARCH_LIMIT({ given: String(given) });
  return limit;
}
