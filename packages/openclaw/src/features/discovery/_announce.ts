/** Announcing: at the beginning, whenever somebody asks, and a farewell at the end. */
import { hostname } from "node:os";
import { errorText } from "../../base/errors.ts";
import type { Scope } from "../../base/scope.ts";
import type { Platform } from "../../contracts/service.ts";
import type { ConfigSnapshot } from "../config/index.ts";
import type { Announcement } from "./index.ts";
import type { Network } from "./_network.ts";
import { concerns, recordsOf, type Identity } from "./_records.ts";

const MAX_TRIES = 5;
const FIRST_WAIT_MS = 5000;

export interface AnnounceDeps {
  readonly platform: Platform;
  readonly config: ConfigSnapshot;
  readonly scope: Scope;
  readonly open: () => Promise<Network>;
}

/** Announces until the scope ends; a network that does not let it is tried a few times more. */
export async function announce(what: Announcement, { platform, config, scope, open }: AnnounceDeps): Promise<void> {
  const mode = config.at("discovery.mdns.mode");
  if (mode === "off" || platform.env["OPENCLAW_DISABLE_BONJOUR"] === "1" || what.addresses.length === 0) return;
  const who = identityOf(what, { platform, full: mode === "full" });
  const log = platform.log.for("discovery");
  for (let tries = 0, wait = FIRST_WAIT_MS; tries < MAX_TRIES && !scope.closed; tries += 1, wait *= 2) {
    try {
      const failed = await live(who, await open(), scope);
      if (failed === undefined) return;
      throw failed;
    } catch (error) {
      log.warn(`bonjour: advertise failed: ${errorText(error)}`);
      await platform.clock.sleep(wait, scope.signal).catch(() => undefined);
    }
  }
}

/** Resolves when the scope ends, or with what went wrong. */
async function live(who: Identity, network: Network, scope: Scope): Promise<Error | undefined> {
  const records = recordsOf(who);
  const trouble = new Promise<Error>((resolve) => network.onTrouble(resolve));
  const ended = new Promise<undefined>((resolve) => {
    scope.add("announcement", async () => {
      await network.tell(recordsOf(who, 0));
      resolve(undefined);
    });
  });
  network.onQuestion((questions) => {
    if (questions.some((question) => concerns(question, who))) void network.tell(records);
  });
  await network.tell(records);
  const outcome = await Promise.race([ended, trouble]);
  network.close();
  return outcome;
}

function identityOf(
  what: Announcement,
  { platform, full }: { readonly platform: Platform; readonly full: boolean },
): Identity {
  const { env } = platform;
  const host = label(env["OPENCLAW_MDNS_HOSTNAME"] ?? "openclaw");
  const machine = hostname().replace(/\.local$/, "");
  const hints = full
    ? {
        sshPort: env["OPENCLAW_SSH_PORT"] ?? "22",
        cliPath: env["OPENCLAW_CLI_PATH"] ?? process.argv[1] ?? "openclaw",
        ...(env["OPENCLAW_TAILNET_DNS"] ? { tailnetDns: env["OPENCLAW_TAILNET_DNS"] } : {}),
      }
    : {};
  return {
    host,
    name: `${machine} (OpenClaw)`,
    port: what.port,
    addresses: what.addresses,
    txt: {
      role: "gateway",
      gatewayPort: String(what.port),
      transport: "gateway",
      ...(what.tlsFingerprint === undefined ? {} : { gatewayTls: "1", gatewayTlsSha256: what.tlsFingerprint }),
      displayName: machine,
      lanHost: `${host}.local`,
      ...hints,
    },
  };
}

function label(name: string): string {
  const clean = name
    .replace(/\.local\.?$/i, "")
    .replaceAll(/[^A-Za-z0-9-]/g, "-")
    .slice(0, 63);
  return clean === "" ? "openclaw" : clean;
}
