import { Fault } from "../../base/errors.ts";
import type { CliContext } from "../../contracts/cli.ts";
import { errors } from "./errors.ts";
import { People, type PairingRequest } from "./index.ts";

export async function listPairings({ use, args, options, out, global }: CliContext): Promise<void> {
  const account = text(options["account"]);
  const all = await (await use(People)).pairings(text(options["channel"]) ?? args[0]?.toLowerCase());
  const requests = all.filter((request) => account === undefined || request.account === account);
  if (global.json || options["json"] === true) {
    return out.json({
      requests: requests.map(({ senderId, account: accountId, ...rest }) => ({ id: senderId, accountId, ...rest })),
    });
  }
  if (requests.length === 0) return out.line("Nobody is waiting to be let in.");
  for (const request of requests) out.line(describe(request));
}

export async function approvePairing({ use, call, args, options, out }: CliContext): Promise<void> {
  const code = args.at(-1);
  if (code === undefined) throw errors.PAIRING_CODE_MISSING({});
  const channel = text(options["channel"]) ?? (args.length > 1 ? args[0]?.toLowerCase() : undefined);
  const account = text(options["account"]);
  const people = await use(People);
  const request = await people.approve(channel, code, account);
  out.line(`Approved ${request.channel} sender ${request.senderId}.`);
  if (options["notify"] !== true) return;
  try {
    await call(
      "channels.pairing.notify",
      { channel: request.channel, accountId: request.account, senderId: request.senderId },
      { scopes: ["operator.pairing"] },
    );
  } catch (error) {
    out.note(`They were not told: ${error instanceof Fault ? error.message : String(error)}`);
  }
}

function describe({ channel, account, code, senderId, meta, createdAt }: PairingRequest): string {
  const names = [meta["name"], meta["username"] === undefined ? undefined : `@${meta["username"]}`]
    .filter((name) => name !== undefined)
    .join(" ");
  const where = account === "default" ? channel : `${channel}/${account}`;
  return [code, where, senderId, names, new Date(createdAt).toISOString()].filter((cell) => cell !== "").join("  ");
}

function text(value: unknown): string | undefined {
  return typeof value === "string" && value !== "" ? value : undefined;
}
