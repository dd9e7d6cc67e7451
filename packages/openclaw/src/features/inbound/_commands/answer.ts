/** Answers of commands: into the outbox for chat networks, as the end of the caller's run for web chat. */
import { dirname } from "node:path";
import type { ChatOutcome } from "../../../contracts/chat.ts";
import { compact } from "../../../base/text.ts";
import type { ReplyRoute } from "../../../contracts/envelope.ts";
import type { NewPost } from "../../../store/index.ts";
import type { PipelineDeps } from "../pipeline.ts";
import type { Routed } from "../route.ts";

export interface Answer extends Pick<ChatOutcome, "choices" | "aside"> {
  readonly reply: string | undefined;
  readonly reason: string;
}

/** The message needs nothing more: its row is settled together with the reply. */
export async function answer(deps: PipelineDeps, routed: Routed, given: Answer): Promise<void> {
  const { row } = routed;
  const { reply, reason } = given;
  const posts = postsOf(deps, routed, given, `reply:${row.id}`);
  await deps.store.inbox.settle(row.id, compact({ kind: "reply" as const, reason, reply }), posts);
  show(deps, routed, given, runIdOf(routed));
}

/** Said before the rest of the message goes its way. A repeat after a crash says nothing again. */
export async function remark(deps: PipelineDeps, routed: Routed, given: Answer, nth: number): Promise<void> {
  if (given.reply === undefined) return;
  const key = `shortcut:${routed.row.id}:${nth}`;
  await deps.store.outbox.post(postsOf(deps, routed, given, key));
  show(deps, routed, given, `${runIdOf(routed)}:${nth}`);
}

/** A file that a command made. */
export async function sendFile(
  deps: PipelineDeps,
  routed: Routed,
  path: string,
  { asVoice }: { readonly asVoice: boolean },
): Promise<void> {
  const { row } = routed;
  const posts = await deps.outbound.answer(
    [{ text: "", plain: true, directions: { media: [path], asVoice } }],
    routeOf(routed),
    { keyPrefix: `file:${row.id}`, at: deps.platform.clock.now(), workspace: dirname(path) },
  );
  await deps.store.outbox.post(posts);
  deps.outbound.wake(row.account);
}

export function routeOf({ row }: Routed): ReplyRoute {
  const { address, native } = row.envelope;
  return { address, ...(native === undefined ? {} : { native }) };
}

export function runIdOf({ row }: Routed): string {
  return String(row.options?.["runId"] ?? row.id);
}

function postsOf(deps: PipelineDeps, routed: Routed, { reply, choices }: Answer, keyPrefix: string): NewPost[] {
  const texts = reply === undefined ? [] : [reply];
  const posts = deps.outbound.compose(texts, routeOf(routed), {
    keyPrefix,
    at: deps.platform.clock.now(),
    literal: true,
  });
  const last = posts.at(-1);
  return last && choices ? [...posts.slice(0, -1), { ...last, choices }] : posts;
}

function show(deps: PipelineDeps, routed: Routed, { reply, aside }: Answer, runId: string): void {
  const { row, sessionKey, agentId } = routed;
  if (row.envelope.address.channel !== "webchat") {
    deps.outbound.wake(row.account);
    return;
  }
  const timestamp = deps.platform.clock.now();
  if (aside) deps.events.publish("chat.side_result", { kind: "btw", runId, sessionKey, ...aside, ts: timestamp });
  const message =
    reply === undefined || aside ? undefined : { role: "assistant", content: [{ type: "text", text: reply }] };
  deps.events.publish("chat", {
    runId,
    sessionKey,
    agentId,
    seq: 1,
    state: "final",
    ...(message === undefined ? {} : { message: { ...message, timestamp } }),
  });
}
