import type { ChatCommandCall } from "../../../contracts/chat.ts";
import type { Principal } from "../../../contracts/principal.ts";
import { isOwner } from "../../../contracts/principal.ts";

/** Who the sender is to the assistant, and how to write them into an allow-list. */
export async function whoami(call: ChatCommandCall): Promise<string> {
  const { principal, address, from, sessionKey } = call;
  const onNetwork = principal.kind === "person";
  const lines = [
    `🧭 Channel: ${address.channel}${address.account === "default" ? "" : ` (${address.account})`}`,
    `👤 User id: \`${onNetwork ? from.id : principal.id}\``,
    ...(from.username === undefined ? [] : [`🔤 Username: @${from.username.replace(/^@/, "")}`]),
    ...(from.name === undefined ? [] : [`🪪 Name: ${from.name}`]),
    ...(onNetwork ? [`💬 Chat: \`${address.chat}\``] : []),
    ...(address.thread === undefined ? [] : [`🧵 Thread: \`${address.thread}\``]),
    `🗂️ Session: \`${sessionKey}\``,
    `🔑 ${standing(principal)}`,
    ...(onNetwork ? [`✅ AllowFrom: \`${call.senderKeys[0] ?? from.id}\``] : []),
  ];
  return lines.join("\n");
}

function standing(principal: Principal): string {
  if (isOwner(principal)) return "You are an owner here.";
  if (principal.kind === "person") return `You are a ${principal.role} here.`;
  return `Signed in with: ${principal.scopes.join(", ") || "no rights"}. Commands for owners need operator.admin.`;
}
