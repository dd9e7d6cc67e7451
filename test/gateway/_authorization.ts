/**
 * Who may call what, found out from outside: every method that the gateway knows, called by every kind of caller
 * over a socket. The params are wrong on purpose, so that a call that is let in does nothing.
 */
import { methods } from "../../packages/openclaw/src/generated/methods.ts";
import { laterMethods } from "../../packages/openclaw/src/gateway/_socket/not-available.ts";
import { TOKEN } from "../harness/gateway.ts";
import { login, newDevice, type Client, type Frame, type Say } from "./_client.ts";

export const RECORDING = new URL("../recordings/authorization.tsv", import.meta.url);

/** One scope each, and the callers that are something else. */
const CALLERS: Readonly<Record<string, Say>> = {
  none: { scopes: [] },
  read: { scopes: ["operator.read"] },
  write: { scopes: ["operator.write"] },
  admin: { scopes: ["operator.admin"] },
  approvals: { scopes: ["operator.approvals"] },
  pairing: { scopes: ["operator.pairing"] },
  questions: { scopes: ["operator.questions"] },
  talk: { scopes: ["operator.talk"] },
  "talk.secrets": { scopes: ["operator.talk.secrets"] },
  node: { role: "node", scopes: [], client: { id: "node-host", mode: "node" } },
};

/** Methods that take anything: what they are given makes them do nothing that matters here. */
const HARMLESS: Readonly<Record<string, unknown>> = { "gateway.restart.request": { delayMs: 3_600_000 } };
const WRONG = { "no such parameter": true };

/** `yes`, `later` (let in, but the feature comes later), `role`, or `!` and the scope that is missing. */
export async function outcome(client: Client, method: string, params: unknown = HARMLESS[method] ?? WRONG) {
  return told(await client.request(method, params));
}

function told({ error }: Frame): string {
  if (error === undefined) return "yes";
  const missing = error.details?.["missingScope"];
  if (error.code === "FORBIDDEN" && typeof missing === "string") return `!${missing.replace(/^operator\./, "")}`;
  if (error.message.startsWith("unauthorized role")) return "role";
  return error.details?.["code"] === "METHOD_NOT_AVAILABLE" ? "later" : "yes";
}

/** Everybody, logged in; `device` proves itself by the token of a paired device with `operator.read`. */
export async function logIn(url: string): Promise<ReadonlyMap<string, Client>> {
  const clients = new Map<string, Client>();
  for (const [name, say] of Object.entries(CALLERS)) clients.set(name, await login(url, { ...auth(), ...say }));
  const device = newDevice();
  const first = await login(url, { ...auth(), device, scopes: ["operator.read"] });
  const deviceToken = String(first.frames.find(({ id }) => id === "connect")?.payload.auth.deviceToken);
  first.close();
  const again: Say = { device, scopes: ["operator.read"], auth: { deviceToken } };
  clients.set("device", await login(url, again));
  return clients;
}

const auth = (): Say => ({ auth: { token: TOKEN } });

/** Lines of tabs: method, declared scope, then what each caller is told. */
export async function authorizationTable(url: string): Promise<string> {
  const clients = await logIn(url);
  const declared = new Map(methods.map(({ name, scope }) => [name, String(scope)]));
  const later = laterMethods()
    .flatMap(([, names]) => names)
    .filter((name) => !name.endsWith("*"));
  const names = [...new Set([...declared.keys(), ...later, "no.such.method"])].sort();
  const rows: string[][] = [["method", "scope", ...clients.keys()]];
  for (const name of names) {
    const told = await Promise.all([...clients.values()].map((client) => outcome(client, name)));
    rows.push([name, declared.get(name)?.replace(/^operator\./, "") ?? "–", ...told]);
  }
  for (const client of clients.values()) client.close();
  return `${rows.map((row) => row.join("\t")).join("\n")}\n`;
}
