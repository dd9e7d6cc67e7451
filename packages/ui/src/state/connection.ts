/** The connection: logging in, staying connected, and what the page says about it. */
import { signal } from "@preact/signals";
import type { ReadonlySignal } from "@preact/signals";
import { Fault, browserStore, connect, preciseCode } from "openclaw/client";
import type { Gateway, Hello } from "openclaw/client";
import { t } from "../i18n/index.ts";
import type { Keeper } from "../lib/storage.ts";

export type Link =
  /** Nobody is logged in; `problem` explains the last attempt. */
  | { readonly phase: "login"; readonly problem?: string; readonly busy?: true }
  /** Before the first answer of the gateway in this page. */
  | { readonly phase: "starting" }
  | { readonly phase: "open"; readonly hello: Hello }
  /** Was open, comes back by itself. */
  | { readonly phase: "away"; readonly problem: string; readonly retryAt?: number; readonly hello?: Hello };

export interface ConnectionStore {
  readonly link: ReadonlySignal<Link>;
  readonly gateway: () => Gateway | undefined;
  /** Uses the kept token, or the one given. */
  start(token?: string): void;
  logout(): void;
  retryNow(): void;
  /** Called after every login, and with each new connection object. */
  onOpen(listen: (gateway: Gateway, hello: Hello) => void): void;
}

export interface ConnectionOptions {
  readonly url: string;
  /** Per tab. */
  readonly session: Keeper;
  readonly version: string;
  /** Of the page as it was served: a gateway that serves another asks for a reload. */
  readonly buildId?: string | undefined;
}

const SCOPES = ["operator.admin", "operator.read", "operator.write", "operator.approvals", "operator.pairing"];
const TOKEN = "token";

export function createConnection(options: ConnectionOptions): ConnectionStore {
  const link = signal<Link>({ phase: "starting" });
  const store = browserStore();
  const openers: ((gateway: Gateway, hello: Hello) => void)[] = [];
  let current: Gateway | undefined;
  let wasOpen: Hello | undefined;

  function open(token: string | undefined, byPerson: boolean): void {
    current?.close();
    const gateway = connect({
      url: options.url,
      ...(token === undefined ? {} : { token }),
      client: {
        id: "openclaw-control-ui",
        mode: "ui",
        version: options.version,
        platform: "web",
        ...(options.buildId === undefined ? {} : { buildId: options.buildId }),
      },
      scopes: SCOPES,
      caps: ["tool-events", "approvals"],
      store,
    });
    current = gateway;
    link.value = byPerson ? { phase: "login", busy: true } : { phase: "starting" };
    gateway.onState((state) => {
      if (gateway !== current) return;
      if (state.phase === "open") {
        wasOpen = state.hello;
        options.session.set(TOKEN, token);
        link.value = { phase: "open", hello: state.hello };
        for (const listen of openers) listen(gateway, state.hello);
      } else if (state.phase === "waiting") {
        link.value = away(state.error, state.retryAt, wasOpen);
      } else if (state.phase === "closed") {
        if (state.error === undefined) return;
        if (isLogin(state.error)) options.session.set(TOKEN, undefined);
        link.value = { phase: "login", ...problemOf(state.error, token) };
      }
    });
  }

  return {
    link,
    gateway: () => current,
    start: (token) => {
      if (token !== undefined) options.session.set(TOKEN, token);
      open(token ?? options.session.get(TOKEN), link.value.phase === "login");
    },
    logout: () => {
      options.session.set(TOKEN, undefined);
      void store.keepToken(options.url, "operator", undefined);
      current?.close();
      current = undefined;
      link.value = { phase: "login" };
    },
    retryNow: () => current?.retryNow(),
    onOpen: (listen) => void openers.push(listen),
  };
}

function away(error: Fault, retryAt: number, hello: Hello | undefined): Link {
  return { phase: "away", problem: error.message, retryAt, ...(hello === undefined ? {} : { hello }) };
}

const MISSING = [
  "AUTH_TOKEN_MISSING",
  "DEVICE_IDENTITY_REQUIRED",
  "AUTH_DEVICE_TOKEN_MISMATCH",
  "AUTH_PASSWORD_MISSING",
];

function isLogin(error: Fault): boolean {
  return preciseCode(error).startsWith("AUTH_");
}

/** What to say beside the token field. Without a token the empty field says enough. */
function problemOf(error: Fault, token: string | undefined): { problem?: string } {
  const code = preciseCode(error);
  if (token === undefined && MISSING.includes(code)) return {};
  if (code === "AUTH_TOKEN_MISMATCH" || code === "AUTH_PASSWORD_MISMATCH") return { problem: t("login.wrong") };
  if (code === "AUTH_RATE_LIMITED")
    return { problem: t("login.locked", { seconds: Math.ceil((error.retryAfterMs ?? 0) / 1000) }) };
  if (code === "PAIRING_REQUIRED")
    return { problem: t("login.pairing", { id: String(error.details?.["requestId"] ?? "") }) };
  return { problem: faultText(error) };
}

/** The connection went before there was an answer. */
export function isLost(error: unknown): boolean {
  return error instanceof Fault && (error.code === "GATEWAY_CONNECTION_LOST" || error.code === "GATEWAY_NOT_CONNECTED");
}

/** What happened and what to do. */
export function faultText(error: unknown): string {
  return error instanceof Fault ? `${error.message} ${error.remedy}`.trim() : t("problem.unexpected");
}
