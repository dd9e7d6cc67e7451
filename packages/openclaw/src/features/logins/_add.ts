/** Body of `models auth add`: which company, and how. */
import type { CliContext } from "../../contracts/cli.ts";
import { LoginFlows, Vendors } from "../../models/index.ts";
import { login } from "./_login.ts";
import { ask, isThere } from "./_terminal.ts";
import { errors } from "./errors.ts";

export async function run(context: CliContext): Promise<void> {
  const { out, use, signal } = context;
  if (!isThere(context)) throw errors.LOGIN_NEEDS_TERMINAL();
  const [vendors, flows] = await Promise.all([use(Vendors), use(LoginFlows)]);
  const offered = vendors.filter(({ api, local }) => api !== "offline" && local === undefined);
  offered.forEach(({ id, label }, at) => out.line(`${String(at + 1).padStart(3)}. ${label} (${id})`));
  const answer = (await ask("Which one? Number or name", signal))?.trim().toLowerCase() ?? "";
  if (answer === "") return;
  const provider = /^\d+$/.test(answer) ? offered[Number(answer) - 1]?.id : answer;
  if (provider === undefined) throw errors.LOGIN_NUMBER({ flag: "number", value: answer });
  const kinds = flows.filter((flow) => flow.provider === provider).map(({ kind }) => kind);
  const takesKey = vendors.find(({ id }) => id === provider)?.keyEnv.length !== 0;
  const ways = [...kinds, ...(takesKey ? (["key"] as const) : [])];
  const way = ways.length < 2 ? ways[0] : await choose(ways, signal);
  await login(context, { provider, method: way });
}

async function choose<T extends string>(ways: readonly T[], signal: AbortSignal): Promise<T | undefined> {
  const answer = (await ask(`How? ${ways.join(" / ")} [${ways[0] ?? ""}]`, signal))?.trim().toLowerCase();
  return ways.find((way) => way === answer) ?? ways[0];
}
