/** `approvals`: where questions for permission are also asked. */
import { Type, closed } from "../../contracts/schema.ts";
import { defineConfig } from "../../contracts/config.ts";
import { flag, listOf, maybePeer, maybeText, maybeWords, part, peer, pick } from "../../contracts/config-kinds.ts";

const target = closed({
  channel: Type.String({ minLength: 1, description: "Channel to ask in" }),
  to: peer("Person or chat there"),
  accountId: maybeText("Account of the channel; absent means the default one"),
  threadId: maybePeer("Thread of the chat"),
});

const forwarding = (what: string) =>
  part(
    {
      enabled: flag(false, `Forward questions about ${what}`),
      mode: pick(["session", "targets", "both"], "session", "Ask in the chat of the session, at the targets, or both"),
      agentFilter: maybeWords("Agents whose questions are forwarded; absent means all"),
      sessionFilter: maybeWords("Parts of session keys, or patterns, whose questions are forwarded; absent means all"),
      targets: listOf(target, "Where else to ask"),
    },
    `Questions about ${what}`,
  );

export const approvalsSection = defineConfig({
  path: "approvals",
  summary: "Forwarding of questions for permission to chats.",
  reload: "restart",
  schema: closed({ exec: forwarding("commands"), plugin: forwarding("plugins") }),
});

export const config = [approvalsSection];
