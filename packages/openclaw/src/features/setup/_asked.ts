/** What set-up is told about a model, and what connecting it writes. */
import type { Env } from "../../base/env.ts";
import type { Vendor } from "../../contracts/model.ts";
import { keyText } from "../../models/index.ts";
import { errors } from "./errors.ts";

export interface NewLogin {
  readonly id: string;
  readonly mode: "api_key" | "token";
  /** An entry of `auth-profiles.json`. */
  readonly profile: Readonly<Record<string, unknown>>;
}

export interface Connection {
  readonly logins: readonly NewLogin[];
  /** What its entry of `models.providers` must say. */
  readonly entry?: { readonly provider: string; readonly values: Readonly<Record<string, unknown>> };
  /** `provider/id` to begin with, where nothing was chosen yet. */
  readonly model?: string;
  /** What a person who connects it should know. */
  readonly note?: string;
  /** A server that is asked for what it serves when `model` is missing. */
  readonly server?: string;
}

export interface Asked {
  readonly options: Readonly<Record<string, unknown>>;
  readonly env: Env;
  readonly vendors: readonly Vendor[];
  /** Epoch ms. */
  readonly now: number;
}

export function text(options: Asked["options"], name: string): string | undefined {
  const value = options[name];
  return typeof value === "string" && value.trim() !== "" ? value.trim() : undefined;
}

/** Throws `SETUP_FLAG` unless it is an address of the web without a login in it. */
export function addressOf(written: string): string {
  const url = URL.canParse(written) ? new URL(written) : undefined;
  if (!url || !/^https?:$/.test(url.protocol) || url.username !== "" || url.password !== "")
    throw errors.SETUP_FLAG({
      problem:
        "--custom-base-url must be an address such as http://192.168.1.5:8000/v1, without a name or password in it.",
    });
  return written.replace(/\/+$/, "");
}

export type Secret = { readonly text: string } | { readonly variable: string };

interface KeyAsked {
  readonly given: string | undefined;
  readonly names: readonly string[];
  readonly what: string;
  readonly flag: string | undefined;
}

/** The key that was given, else the one in the environment; the name of the variable with `--secret-input-mode ref`. */
export function keyOf({ given, names, what, flag }: KeyAsked, { options, env }: Asked): Secret {
  const variable = names.find((name) => env[name]?.trim());
  if (options["secretInputMode"] === "ref") {
    if (variable === undefined) throw errors.SETUP_REF_NEEDS_VARIABLE({ what, names });
    return { variable };
  }
  const key = given ?? (variable === undefined ? undefined : env[variable]);
  if (key === undefined) throw errors.SETUP_KEY_MISSING({ what, flag: flag ?? "--token", names });
  return { text: usable(key, what) };
}

export function keyLogin(provider: string, secret: Secret): NewLogin {
  const kept =
    "text" in secret ? { key: secret.text } : { keyRef: { source: "env", provider: "default", id: secret.variable } };
  return { id: `${provider}:default`, mode: "api_key", profile: { type: "api_key", provider, ...kept } };
}

export function usable(pasted: string, what: string): string {
  const read = keyText(pasted);
  if ("problem" in read) throw errors.SETUP_KEY_UNUSABLE({ what, problem: read.problem });
  return read.key;
}
