import { table } from "../../base/table.ts";
import type { CliContext } from "../../contracts/cli.ts";
import { errors } from "./errors.ts";
import { Discovery } from "./index.ts";

const DEFAULT_MS = 2000;
const MAX_MS = 60_000;

/** Finding nobody is no error. */
export async function run({ use, options, global, out }: CliContext): Promise<void> {
  const given = options["timeout"];
  const timeoutMs = given === undefined ? DEFAULT_MS : Number(given);
  if (!Number.isInteger(timeoutMs) || timeoutMs < 1 || timeoutMs > MAX_MS)
    throw errors.DISCOVER_TIMEOUT({ max: MAX_MS });
  const beacons = await (await use(Discovery)).discover(timeoutMs);
  if (global.json) return out.json({ beacons, count: beacons.length });
  if (beacons.length === 0) {
    out.line("No gateway answered on this network.");
    out.note(
      "A gateway that is only open on loopback does not announce itself; see gateway.bind and discovery.mdns.mode.",
    );
    return;
  }
  const rows = beacons.map(({ name, wsUrl, hostName, tls }) => [name, wsUrl, hostName, tls ? "TLS" : ""]);
  for (const line of table([["Name", "Address", "Host", ""], ...rows])) out.line(line);
}
