import { record } from "../base/record.ts";
import { uuid } from "../base/ids.ts";
import { compact } from "../base/text.ts";
import type { CliContext } from "../contracts/cli.ts";
import { errors } from "./errors.ts";
import { list, numberOf, textOf } from "./_options.ts";

const SECONDS = 600;
/** Beyond the run's own limit, so that the gateway is the one to say that it took too long. */
const GRACE_MS = 15_000;

export async function run(context: CliContext): Promise<number> {
  const { call, options, out, global, platform } = context;
  const seconds = numberOf(options, "timeout") ?? SECONDS;
  const params = compact({
    message: textOf(options, "message") ?? "",
    agentId: textOf(options, "agent"),
    sessionKey: await sessionKey(context),
    to: textOf(options, "to"),
    channel: textOf(options, "channel"),
    thinking: textOf(options, "thinking"),
    deliver: options["deliver"] === true,
    replyTo: textOf(options, "replyTo"),
    replyChannel: textOf(options, "replyChannel"),
    replyAccountId: textOf(options, "replyAccount"),
    timeout: seconds,
    idempotencyKey: uuid(platform.random),
  });
  if (params.message.trim() === "")
    throw errors.CLI_USAGE({ problem: "--message must not be empty.", help: "openclaw agent --help" });
  const answer = record(
    await call("agent", params, { scopes: ["operator.write"], timeoutMs: seconds * 1000 + GRACE_MS, final: true }),
  );
  if (global.json) out.json(answer);
  else printAnswer(answer, out);
  return answer["status"] === "ok" || answer["status"] === undefined ? 0 : 1;
}

/** `--session-id` is looked up; without a selector the gateway takes the main session of the agent. */
async function sessionKey({ call, options }: CliContext): Promise<string | undefined> {
  const key = textOf(options, "sessionKey");
  const id = textOf(options, "sessionId");
  if (key !== undefined || id === undefined) return key;
  const agentId = textOf(options, "agent");
  const found = record(
    await call(
      "sessions.list",
      { search: id, ...(agentId === undefined ? {} : { agentId }) },
      { scopes: ["operator.write"] },
    ),
  );
  const row = list(found["sessions"]).find((session) => session["sessionId"] === id);
  if (typeof row?.["key"] !== "string") throw errors.CLI_NO_SESSION({ id });
  return row["key"];
}

function printAnswer(answer: Readonly<Record<string, unknown>>, out: CliContext["out"]): void {
  const payloads = list(record(answer["result"])["payloads"]);
  for (const { text, mediaUrl, mediaUrls } of payloads) {
    if (typeof text === "string" && text !== "") out.line(text);
    const media = Array.isArray(mediaUrls) ? mediaUrls : [mediaUrl];
    for (const url of media) if (typeof url === "string") out.line(`MEDIA:${url}`);
  }
  if (payloads.length === 0) out.note(silence(answer));
}

function silence({ status, summary, result }: Readonly<Record<string, unknown>>): string {
  if (record(record(result)["meta"])["aborted"] === true) return "The run was stopped before it said anything.";
  return status === "ok" ? "The agent had nothing to say." : `The run ended: ${String(summary ?? status)}`;
}
