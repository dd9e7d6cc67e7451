/**
 * Ways to log in, as data: where a person is sent, where a code becomes a token. Addresses and client ids are those
 * that the companies' own open programs and documents publish; a company that publishes none has no flow here.
 */
import type { Env } from "../../base/env.ts";
import type { Loose } from "../../base/record.ts";

interface Common {
  /** Provider whose login it gives. */
  readonly provider: string;
  readonly tokenUrl: string;
  readonly scope: string;
  /** Public id of the program that asks; undefined = the person has to register one and name it. */
  readonly clientId: (env: Env) => string | undefined;
  /** The variable that names it, for whom it is missing. */
  readonly clientIdEnv?: string;
  readonly clientSecret?: (env: Env) => string | undefined;
  /** Sent with every request. */
  readonly headers?: Readonly<Record<string, string>>;
}

/** Authorization code with PKCE (RFC 7636, RFC 8252): a browser, and a listener on this machine or a pasted address. */
export interface BrowserFlow extends Common {
  readonly kind: "browser";
  readonly authorizeUrl: string;
  /** Registered with the company: nothing else is accepted there. */
  readonly redirectUri: string;
  readonly extra?: Readonly<Record<string, string>>;
  /** `key`: the code becomes an API key for good. */
  readonly gives: "tokens" | "key";
}

/** Device authorization (RFC 8628): a short code that is typed on another machine. */
export interface DeviceFlow extends Common {
  readonly kind: "device";
  readonly deviceUrl: string;
  readonly pkce?: true;
  /** `token`: it does not expire, and is exchanged for short ones when it is used. */
  readonly gives: "tokens" | "token";
}

export type Flow = BrowserFlow | DeviceFlow;

/** What a token endpoint answered, without its envelope. */
export interface Tokens {
  readonly access: string;
  readonly refresh?: string;
  /** Epoch ms. */
  readonly expires?: number;
  readonly raw: Loose;
}

/** The flow of a provider; `device` asks for the one without a browser on this machine. */
export function flowOf(flows: readonly Flow[], provider: string, method?: "browser" | "device"): Flow | undefined {
  const mine = flows.filter((flow) => flow.provider === provider);
  return method === undefined ? mine[0] : mine.find(({ kind }) => kind === method);
}
