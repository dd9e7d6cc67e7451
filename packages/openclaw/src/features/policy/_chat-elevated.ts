/** `/elevated`. */
import type { ChatCommandCall, ChatOutcome, TurnWishes } from "../../contracts/chat.ts";
import { Config } from "../config/index.ts";
import { Sessions } from "../sessions/index.ts";
import { closedElevatedGate } from "./elevated.ts";
import { errors } from "./errors.ts";
import { isSandboxed } from "./settings.ts";

const SAID: Readonly<Record<string, string>> = {
  on: "Elevated mode set to on: commands run on the host, approvals apply.",
  ask: "Elevated mode set to ask: commands run on the host, approvals apply.",
  full: "Elevated mode set to full: commands run on the host without approvals.",
  off: "Elevated mode disabled.",
};

export async function elevatedForTurn(call: ChatCommandCall): Promise<TurnWishes> {
  const level = call.rest.toLowerCase();
  await check(call, level);
  return { preferences: { elevatedLevel: level } };
}

export async function keepElevated(call: ChatCommandCall): Promise<ChatOutcome> {
  const level = call.rest.toLowerCase();
  const options = Object.keys(SAID).join(", ");
  if (level === "") return { reply: `Current elevated level: ${await current(call)}.\nOptions: ${options}.` };
  const said = SAID[level];
  if (said === undefined) throw errors.ELEVATED_LEVEL_UNKNOWN({ word: call.rest, options });
  await check(call, level);
  const sessions = await call.use(Sessions);
  await sessions.ensure(call.sessionKey);
  await sessions.patch(call.sessionKey, { set: { elevatedLevel: level } });
  const config = (await call.use(Config)).current();
  const note = isSandboxed(config, call.agentId, call.sessionKey)
    ? ""
    : "\nThis session has no sandbox: its commands run on the host in any case.";
  return { reply: `${said}${level === "off" ? "" : note}` };
}

/** Going back into the sandbox is for everybody. Throws the gate that is closed. */
async function check(call: ChatCommandCall, level: string): Promise<void> {
  if (level === "off") return;
  const config = (await call.use(Config)).current();
  const gate = closedElevatedGate(config, {
    agentId: call.agentId,
    channel: call.address.channel,
    senderKeys: call.senderKeys,
    principal: call.principal,
  });
  if (gate !== undefined) throw errors.ELEVATED_UNAVAILABLE({ gate });
}

async function current(call: ChatCommandCall): Promise<string> {
  const [config, sessions] = await Promise.all([call.use(Config), call.use(Sessions)]);
  const own = (await sessions.get(call.sessionKey))?.entry["elevatedLevel"];
  return String(own ?? config.current().at("agents.defaults.elevatedDefault") ?? "on");
}
