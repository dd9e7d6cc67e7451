/** Body of `runs show`: one line for every fact, with the time since the message came in. */
import type { CliContext } from "../../contracts/cli.ts";
import { READ, seconds, tokensOf } from "./_cli-facts.ts";
import type { Fact } from "./_cli-facts.ts";

interface Inspected {
  readonly run: Readonly<Record<string, unknown>>;
  readonly events: readonly Fact[];
  readonly truncated: boolean;
  readonly bodies?: Readonly<Record<string, string>>;
}

export async function run({ call, args, options, out, global }: CliContext): Promise<void> {
  const runId = await whole(call, args[0] ?? "");
  const includeBodies = options["prompts"] === true;
  const found = (await call("audit.run.inspect", { runId, includeBodies }, READ)) as Inspected;
  if (global.json) return out.json(found);
  const begun = found.events[0]?.ts ?? 0;
  out.line(`Run ${runId} of ${String(found.run["sessionKey"] ?? "?")}`);
  for (const fact of found.events)
    out.line(`${`+${((fact.ts - begun) / 1000).toFixed(3)} s`.padStart(12)}  ${fact.kind.padEnd(10)} ${told(fact)}`);
  if (found.truncated) out.note("There is more: read it with --json and audit.list.");
  for (const [hash, text] of Object.entries(found.bodies ?? {})) {
    out.line();
    out.line(`--- ${hash}`);
    out.line(text);
  }
}

/** The id that begins like this, among the newest runs; what is given when none does. */
async function whole(call: CliContext["call"], given: string): Promise<string> {
  if (given.length >= 36) return given;
  const { events } = (await call("audit.list", { kind: "start", limit: 500 }, READ)) as { events: readonly Fact[] };
  return events.find(({ runId }) => runId.startsWith(given))?.runId ?? given;
}

function told({ kind, data }: Fact): string {
  const of = (name: string) => String(data[name] ?? "");
  switch (kind) {
    case "message":
      return `${of("channel")} ${of("chatKind")}, from ${of("principal")} (${of("role")}), ${of("chars")} chars`;
    case "route":
      return `by ${of("by")}`;
    case "start":
      return Number(data["attempt"]) > 1
        ? `attempt ${of("attempt")}`
        : `after ${seconds(data["waitedMs"])} in the queue`;
    case "content":
      return `not only the owner's: ${(data["labels"] as readonly string[] | undefined)?.join(", ") ?? ""}`;
    case "prompt": {
      const system = (data["system"] ?? []) as readonly { readonly chars: number }[];
      const tools = (data["tools"] ?? {}) as { readonly count?: number; readonly chars?: number };
      const chars = system.reduce((sum, part) => sum + part.chars, 0);
      return `${chars} chars, ${tools.count ?? 0} tools (${tools.chars ?? 0} chars)`;
    }
    case "model": {
      const failure = data["failure"] as { readonly class?: string; readonly message?: string } | undefined;
      const how = failure ? `${failure.class ?? "failed"}: ${failure.message ?? ""}` : of("stopReason");
      const said = failure ? "" : `, ${tokensOf(data["usage"])}`;
      return `${of("provider")}/${of("model")}, ${of("messages")} messages, ${seconds(data["ms"])}${said} → ${how}`;
    }
    case "decision":
      return `${of("tool")} (${of("effect")}): ${of("verdict")}, rule ${of("rule")}`;
    case "tool":
      return `${of("name")}, ${seconds(data["ms"])}, ${of("chars")} chars${data["isError"] === true ? ", failed" : ""}`;
    case "delivery":
      return `${of("channel")}: ${of("state")}, ${seconds(data["ms"])}${data["error"] === undefined ? "" : `, ${of("error")}`}`;
    case "end":
      return `${of("status")} (${of("stopReason")}), ${seconds(data["durationMs"])}, ${of("posts")} sent`;
    default:
      return JSON.stringify(data);
  }
}
