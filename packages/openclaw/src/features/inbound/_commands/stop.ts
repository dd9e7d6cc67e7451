/** `/stop` and the words for it. */
import type { ChatCommandCall } from "../../../contracts/chat.ts";
import { stopSession } from "../../sessions/index.ts";

/** Stops the session's run, what waits behind it and the helpers that it started. */
export async function stopped(
  call: Pick<ChatCommandCall, "use" | "sessionKey" | "principal">,
  reason: string,
): Promise<{ readonly anything: boolean; readonly reply: string }> {
  const { running, queued, helpers } = await stopSession(call, call.sessionKey, reason);
  const parts = [
    ...(running ? ["⚙️ Agent was aborted."] : []),
    ...(queued > 0 ? [`${running ? "" : "⚙️ "}Dropped ${counted(queued, "queued message")}.`] : []),
    ...(helpers > 0 ? [`Stopped ${counted(helpers, "sub-agent")}.`] : []),
  ];
  return parts.length > 0
    ? { anything: true, reply: parts.join(" ") }
    : { anything: false, reply: "Nothing is running." };
}

function counted(n: number, what: string): string {
  return `${n} ${what}${n === 1 ? "" : "s"}`;
}
