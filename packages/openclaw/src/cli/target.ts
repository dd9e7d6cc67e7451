/** Which gateway a command talks to, and with what credential. Pure. */
import { record } from "../base/record.ts";
import type { Env } from "../base/env.ts";
import { errors } from "./errors.ts";

export interface TargetFlags {
  readonly url?: string;
  readonly token?: string;
  readonly password?: string;
  readonly tlsFingerprint?: string;
  /** Go there through SSH instead of directly. */
  readonly ssh?: SshHost;
}

export interface SshHost {
  /** `user@host`, `user@host:2222`. */
  readonly to: string;
  readonly identity?: string;
}

export interface Target {
  readonly url: string;
  /** Where the address comes from, for messages: `--url`, `OPENCLAW_GATEWAY_URL`, `gateway.remote.url`, `local loopback`. */
  readonly source: string;
  readonly token?: string;
  readonly password?: string;
  /** The gateway of this machine at its usual address. */
  readonly local: boolean;
  /** The address is loopback: a shared secret is enough there. */
  readonly loopback: boolean;
  /** Certificate that it must have. */
  readonly tlsFingerprint?: string;
  /** `gateway.tls.certPath` of this machine's gateway: its certificate is trusted without a fingerprint. */
  readonly certPath?: string;
  /** `url` is the far end of a tunnel that must be opened first. */
  readonly ssh?: SshHost;
}

const DEFAULT_PORT = 18_789;

/**
 * `config` is the file as data, validated or not; `running` is where the gateway runs that uses
 * this state directory: it was perhaps started with another port than the file says. Credentials of this machine never go to an address
 * that was given by flag or environment. Throws a `CLI_URL_…` fault.
 */
export function resolveTarget(
  flags: TargetFlags,
  env: Env,
  config: Readonly<Record<string, unknown>>,
  running?: number | RunningAt,
): Target {
  return pinned(unpinned(flags, env, config, running), flags, record(config["gateway"]));
}

/** Where the gateway of this machine runs. */
export interface RunningAt {
  readonly port: number;
  /** Absent for 127.0.0.1. */
  readonly host?: string;
}

/** The fingerprint that was given for an address holds for that address only. */
function pinned(target: Target, flags: TargetFlags, gateway: Readonly<Record<string, unknown>>): Target {
  const configured = target.source === "gateway.remote.url" ? record(gateway["remote"])["tlsFingerprint"] : undefined;
  const { certPath } = record(gateway["tls"]);
  const tlsFingerprint = flags.tlsFingerprint ?? configured;
  return {
    ...target,
    ...(typeof tlsFingerprint === "string" && tlsFingerprint !== "" ? { tlsFingerprint } : {}),
    ...(target.local && typeof certPath === "string" ? { certPath } : {}),
  };
}

function unpinned(
  flags: TargetFlags,
  env: Env,
  config: Readonly<Record<string, unknown>>,
  running: number | RunningAt | undefined,
): Target {
  const gateway = record(config["gateway"]);
  const given = credentials(flags.token, flags.password);
  const explicit = flags.url
    ? { url: flags.url, source: "--url" }
    : env["OPENCLAW_GATEWAY_URL"]
      ? { url: env["OPENCLAW_GATEWAY_URL"], source: "OPENCLAW_GATEWAY_URL" }
      : undefined;
  if (explicit) {
    const fromEnv =
      explicit.source === "--url" ? {} : credentials(env["OPENCLAW_GATEWAY_TOKEN"], env["OPENCLAW_GATEWAY_PASSWORD"]);
    const secret = { ...fromEnv, ...given };
    if (!hasSecret(secret)) throw errors.CLI_URL_NEEDS_CREDENTIAL({ source: explicit.source });
    return checked({ ...explicit, ...secret, ...viaSsh(flags.ssh), local: false }, env);
  }
  const remote = record(gateway["remote"]);
  const auth = record(gateway["auth"]);
  const fromEnv = credentials(env["OPENCLAW_GATEWAY_TOKEN"], env["OPENCLAW_GATEWAY_PASSWORD"]);
  const ofRemote = credentials(remote["token"], remote["password"]);
  if (gateway["mode"] === "remote") {
    if (typeof remote["url"] !== "string" || remote["url"] === "") throw errors.CLI_REMOTE_URL_MISSING();
    const secret = first(given, fromEnv, ofRemote);
    const ssh = viaSsh(flags.ssh ?? configuredSsh(remote));
    return checked(
      { url: withPort(remote["url"]), source: "gateway.remote.url", ...secret, ...ssh, local: false },
      env,
    );
  }
  const secret = first(given, fromEnv, credentials(auth["token"], auth["password"]), ofRemote);
  const at: Partial<RunningAt> = typeof running === "number" ? { port: running } : (running ?? {});
  const scheme = record(gateway["tls"])["enabled"] === true ? "wss" : "ws";
  return checked(
    {
      url: `${scheme}://${at.host ?? "127.0.0.1"}:${at.port ?? portOf(env, config)}`,
      source: "local loopback",
      ...secret,
      local: true,
    },
    env,
  );
}

/** `OPENCLAW_GATEWAY_PORT`, else `gateway.port`, else 18789. */
export function portOf(env: Env, config: Readonly<Record<string, unknown>>): number {
  const fromEnv = Number(env["OPENCLAW_GATEWAY_PORT"]);
  if (Number.isInteger(fromEnv) && fromEnv > 0 && fromEnv < 65_536) return fromEnv;
  const configured = record(config["gateway"])["port"];
  return typeof configured === "number" && Number.isInteger(configured) && configured > 0 && configured < 65_536
    ? configured
    : DEFAULT_PORT;
}

/** Remote mode goes through SSH where a host for it is configured, unless `transport` is `direct`. */
export function configuredSsh(remote: Readonly<Record<string, unknown>>): SshHost | undefined {
  const { sshTarget: to, sshIdentity: identity, transport } = remote;
  if (typeof to !== "string" || to === "" || transport === "direct") return undefined;
  return { to, ...(typeof identity === "string" && identity !== "" ? { identity } : {}) };
}

function viaSsh(ssh: SshHost | undefined): { readonly ssh?: SshHost } {
  return ssh === undefined ? {} : { ssh };
}

function checked(target: Omit<Target, "loopback">, env: Env): Target {
  const url = URL.canParse(target.url) ? new URL(target.url) : undefined;
  if (!url || (url.protocol !== "ws:" && url.protocol !== "wss:")) throw errors.CLI_URL_INVALID({ url: target.url });
  // What goes through a tunnel arrives over the loopback of the gateway's machine.
  if (target.ssh) return { ...target, loopback: true };
  // What this machine sends to its own address never leaves it.
  const loopback = target.local || isLoopback(url.hostname);
  if (url.protocol === "ws:" && !loopback && env["OPENCLAW_ALLOW_INSECURE_PRIVATE_WS"] !== "1")
    throw errors.CLI_URL_INSECURE({ url: target.url });
  return { ...target, loopback };
}

/** `ws://host` means the default port there; `wss://host` means 443, as browsers say. */
function withPort(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url?.protocol !== "ws:" || url.port !== "" || /:80(?:\/|$)/.test(text)) return text;
  url.port = String(DEFAULT_PORT);
  return url.href.replace(/\/$/, "");
}

function isLoopback(host: string): boolean {
  return host === "localhost" || host === "[::1]" || /^127(?:\.\d{1,3}){3}$/.test(host);
}

interface Secret {
  readonly token?: string;
  readonly password?: string;
}

function credentials(token: unknown, password: unknown): Secret {
  return {
    ...(typeof token === "string" && token !== "" ? { token } : {}),
    ...(typeof password === "string" && password !== "" ? { password } : {}),
  };
}

function first(...all: readonly Secret[]): Secret {
  return all.find(hasSecret) ?? {};
}

function hasSecret(secret: Secret): boolean {
  return secret.token !== undefined || secret.password !== undefined;
}
