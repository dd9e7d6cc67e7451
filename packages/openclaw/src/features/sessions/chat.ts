/** Slash commands about the conversation. */
import { defineChat } from "../../contracts/chat.ts";
import type { ChatCommandCall } from "../../contracts/chat.ts";
import { formatDuration } from "../../base/time.ts";
import { Lanes, Sessions } from "./index.ts";

export const chat = [
  defineChat({
    name: "new",
    aliases: ["reset"],
    summary: "Start the conversation afresh",
    category: "session",
    args: [{ name: "message", description: "First message of the new session", captureRemaining: true }],
    async run(call) {
      const lanes = await call.use(Lanes);
      const stopped = await lanes.abort({ sessionKey: call.sessionKey }, call.principal, "reset");
      await Promise.all(stopped.map((id) => lanes.wait(id, 10_000)));
      await (await call.use(Sessions)).reset(call.sessionKey, "new");
      return call.rest === "" ? { reply: "✨ New session started." } : { turn: call.rest };
    },
  }),
  defineChat({
    name: "status",
    summary: "Model, session and what is running",
    category: "status",
    inline: true,
    run: status,
  }),
];

async function status({ use, platform, sessionKey }: ChatCommandCall): Promise<{ reply: string }> {
  const row = await (await use(Sessions)).get(sessionKey);
  const lanes = await use(Lanes);
  const entry = row?.entry;
  const model = entry?.model === undefined ? "not used yet" : `${entry.modelProvider ?? ""}/${entry.model}`;
  const lines = [
    `🦞 OpenClaw ${platform.version}`,
    `🧠 Model: ${model}`,
    `🧮 Tokens: ${entry?.inputTokens ?? 0} in / ${entry?.outputTokens ?? 0} out`,
    `📚 Context: ${entry?.totalTokens ?? 0} of ${entry?.contextTokens ?? "?"}`,
    `🧵 Session: ${sessionKey}${entry ? ` • updated ${formatDuration(platform.clock.now() - entry.updatedAt)} ago` : ""}`,
    `⚙️ ${lanes.active(sessionKey) === undefined ? "Idle" : "Running"}`,
  ];
  return { reply: lines.join("\n") };
}
