/** `/exec`. */
import type { ChatCommandCall, ChatOutcome, TurnWishes } from "../../contracts/chat.ts";
import { isOwner } from "../../contracts/principal.ts";
import { Config } from "../config/index.ts";
import { Sessions } from "../sessions/index.ts";
import { errors } from "./errors.ts";
import type { ExecGate } from "./index.ts";
import { EXEC_WORDS, isLooser, sessionGate } from "./session-exec.ts";
import { execConfig, execGate } from "./settings.ts";

const FIELDS = { host: "execHost", security: "execSecurity", ask: "execAsk", node: "execNode" } as const;
const CLEARED = { execHost: null, execSecurity: null, execAsk: null, execNode: null };
const OPTIONS = `host=${EXEC_WORDS.host.join("|")}, security=${EXEC_WORDS.security.join("|")}, ask=${EXEC_WORDS.ask.join("|")}, node=<id>`;

type Wish = Readonly<Record<string, string | null>>;

export async function execForTurn(call: ChatCommandCall): Promise<TurnWishes | undefined> {
  const wish = read(call.rest);
  const { now, next } = await gates(call, wish);
  if (isLooser(next, now) && !isOwner(call.principal)) throw errors.EXEC_LOOSENED();
  return { preferences: wish };
}

export async function keepExec(call: ChatCommandCall): Promise<ChatOutcome> {
  if (call.rest === "") return { reply: await current(call) };
  const clears = /^(?:reset|default)$/i.test(call.rest);
  const wish = clears ? CLEARED : read(call.rest);
  const { now, next } = await gates(call, wish);
  // Whoever is no owner cannot take back what an owner made stricter.
  if (isLooser(next, now) && !isOwner(call.principal)) throw errors.EXEC_LOOSENED();
  const sessions = await call.use(Sessions);
  await sessions.ensure(call.sessionKey);
  await sessions.patch(call.sessionKey, { set: wish });
  const said = Object.entries(FIELDS).flatMap(([name, field]) => (field in wish ? [`${name}=${wish[field]}`] : []));
  const head = clears
    ? "Exec defaults are those of the configuration again."
    : `Exec defaults set: ${said.join(", ")}.`;
  return { reply: `${head}\nIn force: ${shown(next)}.` };
}

async function current(call: ChatCommandCall): Promise<string> {
  const row = await (await call.use(Sessions)).get(call.sessionKey);
  const own = Object.entries(FIELDS).flatMap(([name, field]) => {
    const value = row?.entry[field];
    return typeof value === "string" ? [`${name}=${value}`] : [];
  });
  const { now } = await gates(call, {});
  const head = `Current exec defaults: ${shown(now)}${own.length === 0 ? "" : ` (set here: ${own.join(", ")})`}.`;
  return `${head}\nOptions: ${OPTIONS}; /exec reset.`;
}

/** The gate as it is, and as it would be. */
async function gates(call: ChatCommandCall, wish: Wish): Promise<{ readonly now: ExecGate; readonly next: ExecGate }> {
  const [config, sessions] = await Promise.all([call.use(Config), call.use(Sessions)]);
  const entry = (await sessions.get(call.sessionKey))?.entry ?? {};
  const base = execGate(execConfig(config.current(), call.agentId));
  const wanted = Object.fromEntries(Object.entries({ ...entry, ...wish }).filter(([, value]) => value !== null));
  return { now: sessionGate(base, entry), next: sessionGate(base, wanted) };
}

/** Throws what is no setting. */
function read(text: string): Wish {
  const wish: Record<string, string> = {};
  for (const part of text.trim().split(/\s+/)) {
    const [, name = "", value = ""] = /^(host|security|ask|node)=(\S+)$/i.exec(part) ?? [];
    const key = name.toLowerCase() as keyof typeof FIELDS | "";
    if (key === "") throw errors.EXEC_SETTING_UNKNOWN({ part, options: OPTIONS });
    const known: readonly string[] | undefined = key === "node" ? undefined : EXEC_WORDS[key];
    if (known && !known.includes(value.toLowerCase())) throw errors.EXEC_SETTING_UNKNOWN({ part, options: OPTIONS });
    wish[FIELDS[key]] = known ? value.toLowerCase() : value.slice(0, 128);
  }
  return wish;
}

function shown({ host, security, ask }: ExecGate): string {
  return host === "implicit" ? "this machine, without approvals" : `host=${host}, security=${security}, ask=${ask}`;
}
