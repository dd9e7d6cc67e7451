/** Body of `channels status`: the gateway's answer, or what the configuration says when none is running. */
import { errorText } from "../../base/errors.ts";
import { compact } from "../../base/text.ts";
import { formatDuration } from "../../base/time.ts";
import type { ChannelAccount } from "../../contracts/channel.ts";
import type { CliContext } from "../../contracts/cli.ts";
import { ChannelRegistry } from "./index.ts";
import { loadAccounts } from "./_load.ts";

/** The part of `channels.status` that is shown. */
interface Shown {
  readonly channelOrder: readonly string[];
  readonly channelLabels: Readonly<Record<string, string>>;
  readonly channelAccounts: Readonly<Record<string, readonly Account[]>>;
}

interface Account {
  readonly accountId: string;
  readonly name?: string;
  readonly enabled: boolean;
  readonly configured: boolean;
  readonly running?: boolean;
  readonly connected?: boolean;
  readonly dmPolicy?: string;
  readonly allowFrom?: readonly string[];
  readonly lastInboundAt?: number;
  readonly lastOutboundAt?: number;
  readonly tokenSource?: string;
  readonly lastError?: string;
  readonly probe?: { readonly ok: boolean; readonly error?: string };
}

const PROBE_MS = 10_000;

export async function run(context: CliContext): Promise<void> {
  const { options, out, global, platform } = context;
  const { header, status } = await ask(context);
  if (global.json || options["json"] === true) return out.json(status);
  out.line(header);
  const now = platform.clock.now();
  const lines = status.channelOrder.flatMap((id) =>
    (status.channelAccounts[id] ?? []).map((account) => describe(status.channelLabels[id] ?? id, account, now)),
  );
  for (const line of lines.length > 0 ? lines : ["No channel is configured."]) out.line(line);
}

async function ask(context: CliContext): Promise<{ header: string; status: Shown }> {
  const { call, options } = context;
  const probe = options["probe"] === true;
  const channel = typeof options["channel"] === "string" ? options["channel"].toLowerCase() : undefined;
  const params = { probe, ...(probe ? { timeoutMs: PROBE_MS } : {}), ...(channel === undefined ? {} : { channel }) };
  const wait = { scopes: ["operator.read"], timeoutMs: probe ? PROBE_MS + 5000 : PROBE_MS };
  try {
    return { header: "Gateway reachable.", status: (await call("channels.status", params, wait)) as Shown };
  } catch (error) {
    return { header: `Gateway not reachable: ${errorText(error)}`, status: await configured(context, channel) };
  }
}

/** What the configuration alone says. */
async function configured({ use, config, platform }: CliContext, only: string | undefined): Promise<Shown> {
  const registry = await use(ChannelRegistry);
  const accounts = await loadAccounts({ registry, config: await config(), env: platform.env, log: platform.log });
  const known = registry
    .flatMap(({ manifest }) => manifest.channels ?? [])
    .filter(({ id }) => only === undefined || id === only);
  const rowsOf = (id: string) =>
    accounts.filter(({ channel }) => channel.id === id).map(({ account }) => configuredRow(account));
  return {
    channelOrder: known.map(({ id }) => id),
    channelLabels: Object.fromEntries(known.map(({ id, label }) => [id, label])),
    channelAccounts: Object.fromEntries(known.map(({ id }) => [id, rowsOf(id)])),
  };
}

function configuredRow({
  id,
  name,
  enabled,
  configured: complete,
  dmPolicy,
  allowFrom,
  credentialSource,
  missing,
}: ChannelAccount): Account {
  return compact({
    accountId: id,
    name,
    enabled,
    configured: complete,
    dmPolicy,
    allowFrom,
    tokenSource: credentialSource,
    lastError: missing,
  }) as Account;
}

/** `- Telegram default (Mine): enabled, configured, running, connected, dm:pairing, allow:1, works`. */
function describe(label: string, account: Account, now: number): string {
  const {
    accountId,
    name,
    enabled,
    configured: complete,
    running,
    connected,
    dmPolicy,
    allowFrom,
    lastError,
    probe,
  } = account;
  const ago = (at: number | undefined) => (at === undefined ? undefined : formatDuration(now - at));
  const facts = [
    enabled ? "enabled" : "disabled",
    complete ? "configured" : "not configured",
    running === undefined ? undefined : running ? "running" : "stopped",
    running ? (connected ? "connected" : "disconnected") : undefined,
    named("dm", dmPolicy),
    named("allow", allowFrom?.length),
    named("in", ago(account.lastInboundAt)),
    named("out", ago(account.lastOutboundAt)),
    named("token", account.tokenSource),
    connected ? undefined : named("error", lastError),
    probe === undefined ? undefined : probe.ok ? "works" : `probe failed: ${probe.error ?? "no answer"}`,
  ];
  const title = name === undefined ? accountId : `${accountId} (${name})`;
  return `- ${label} ${title}: ${facts.filter((fact) => fact !== undefined).join(", ")}`;
}

function named(key: string, value: string | number | undefined): string | undefined {
  return value === undefined ? undefined : `${key}:${value}`;
}
