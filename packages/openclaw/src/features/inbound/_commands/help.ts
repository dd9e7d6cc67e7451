/** `/help` and `/commands`: made from the commands that the asker may use. */
import { usageOf } from "../../../contracts/chat.ts";
import type { ChatCategory, ChatCommand, ChatCommandCall, ChatOutcome } from "../../../contracts/chat.ts";
import { commandsFor } from "./offered.ts";

const TITLES: Readonly<Record<ChatCategory, string>> = {
  session: "Session",
  options: "Model and answers",
  status: "Information",
  management: "Administration",
  media: "Media",
  tools: "Tools and skills",
  docks: "Where answers go",
};
/** Commands that everybody needs, by what they are for. */
const SHORT: readonly (readonly [string, readonly string[]])[] = [
  ["Session", ["new", "reset", "compact", "stop"]],
  ["Model and answers", ["model", "think", "verbose", "reasoning", "queue"]],
  ["Information", ["status", "usage", "whoami", "context", "tools"]],
  ["Tools and skills", ["skill", "subagents", "btw", "approve"]],
];
const PER_PAGE = 12;

export async function help(call: ChatCommandCall): Promise<string> {
  const all = await commandsFor(call);
  const groups = SHORT.flatMap(([title, names]) => {
    const known = names.flatMap((name) => all.find((one) => one.name === name || one.aliases?.includes(name)) ?? []);
    const shown = [...new Set(known)].map(synopsis);
    return shown.length === 0 ? [] : [`**${title}**\n${shown.join("\n")}`];
  });
  return [
    "ℹ️ Anything you write goes to the assistant. Besides:",
    ...groups,
    "`stop` alone stops what is running. Everything there is: /commands",
  ].join("\n\n");
}

export async function catalogue(call: ChatCommandCall): Promise<ChatOutcome> {
  const all = (await commandsFor(call)).toSorted(byCategory);
  const asked = Number.parseInt(call.rest, 10);
  // Where a message can be as long as it likes there is nothing to turn over.
  const whole = call.address.channel === "webchat" && Number.isNaN(asked);
  const pages = whole ? 1 : Math.max(1, Math.ceil(all.length / PER_PAGE));
  const page = Math.min(pages, Math.max(1, Number.isNaN(asked) ? 1 : asked));
  const shown = whole ? all : all.slice((page - 1) * PER_PAGE, page * PER_PAGE);
  const groups = Map.groupBy(shown, ({ category }) => category);
  const text = [...groups].map(([category, list]) => `**${TITLES[category]}**\n${list.map(line).join("\n")}`);
  const title = pages === 1 ? "ℹ️ Commands" : `ℹ️ Commands (${page}/${pages})`;
  const turns = [
    ...(page > 1 ? [{ value: `/commands ${page - 1}`, label: "◀ Back" }] : []),
    ...(page < pages ? [{ value: `/commands ${page + 1}`, label: "More ▶" }] : []),
  ];
  const more = page < pages ? [`More: /commands ${page + 1}`] : [];
  return {
    reply: [title, ...text, ...more].join("\n\n"),
    ...(turns.length === 0 ? {} : { choices: [turns] }),
  };
}

function byCategory(a: ChatCommand, b: ChatCommand): number {
  const order = Object.keys(TITLES);
  return order.indexOf(a.category) - order.indexOf(b.category) || (a.name < b.name ? -1 : 1);
}

function synopsis(command: ChatCommand): string {
  const usage = usageOf(command);
  return `\`/${command.name}${usage === undefined ? "" : ` ${usage}`}\``;
}

function line(command: ChatCommand): string {
  const others = (command.aliases ?? []).map((alias) => `/${alias}`).join(", ");
  return `${synopsis(command)} – ${command.summary}${others === "" ? "" : ` (${others})`}`;
}
