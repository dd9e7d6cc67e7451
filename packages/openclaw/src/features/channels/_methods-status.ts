import type { AccountStatus, ChannelProbe, ChannelsService } from "./index.ts";

export type AccountRow = Omit<AccountStatus, "channel" | "account" | "label" | "state" | "problem"> & {
  readonly accountId: string;
  readonly running: boolean;
  readonly connected: boolean;
  readonly probe?: ChannelProbe;
  readonly lastProbeAt?: number;
};

export interface StatusOptions {
  readonly channel?: string;
  readonly now: number;
  /** Results of probes by `<channel>:<account>`. */
  readonly probes: ReadonlyMap<string, ChannelProbe>;
}

/** The answer of `channels.status`. */
export function channelsStatus(
  channels: Pick<ChannelsService, "known" | "status" | "defaultAccount">,
  { channel: only, now, probes }: StatusOptions,
) {
  const known = channels.known.filter(({ id }) => only === undefined || id === only);
  const all = channels.status();
  const accountsOf = (id: string) => all.filter(({ channel }) => channel === id);
  const labels = Object.fromEntries(known.map(({ id, label }) => [id, label]));
  return {
    ts: now,
    channelOrder: known.map(({ id }) => id),
    channelLabels: labels,
    channelDetailLabels: labels,
    channelSystemImages: {},
    channelMeta: known.map(({ id, label }) => ({ id, label, detailLabel: label })),
    channels: Object.fromEntries(known.map(({ id }) => [id, summary(accountsOf(id))])),
    channelAccounts: Object.fromEntries(
      known.map(({ id }) => [id, accountsOf(id).map((status) => row(status, probes, now))]),
    ),
    channelDefaultAccountId: Object.fromEntries(known.map(({ id }) => [id, channels.defaultAccount(id) ?? "default"])),
    statusIssues: all
      .filter(({ problem }) => problem !== undefined)
      .map(({ channel, account, problem }) => ({ channel, accountId: account, message: problem })),
  };
}

function summary(accounts: readonly AccountStatus[]) {
  const first = accounts.find(({ state }) => state === "connected") ?? accounts[0];
  return {
    configured: accounts.some(({ configured }) => configured),
    running: accounts.some(isRunning),
    connected: accounts.some(({ state }) => state === "connected"),
    lastError: first?.problem ?? first?.lastError ?? null,
    lastStartAt: first?.lastStartAt ?? null,
    lastInboundAt: first?.lastInboundAt ?? null,
    lastOutboundAt: first?.lastOutboundAt ?? null,
  };
}

function row(status: AccountStatus, probes: ReadonlyMap<string, ChannelProbe>, now: number): AccountRow {
  const { account, channel, label: _label, state, problem, ...rest } = status;
  const probe = probes.get(`${channel}:${account}`);
  const lastError = problem ?? rest.lastError;
  return {
    ...rest,
    accountId: account,
    running: isRunning(status),
    connected: state === "connected",
    ...(lastError === undefined ? {} : { lastError }),
    ...(probe === undefined ? {} : { probe, lastProbeAt: now }),
  };
}

function isRunning({ state }: AccountStatus): boolean {
  return state === "starting" || state === "connecting" || state === "connected" || state === "disconnected";
}
