/** From flags to what connecting a model writes. Nothing is written here, and whatever is wrong is said before. */
import { durationMs } from "../../base/measure.ts";
import { firstModel } from "../../models/index.ts";
import { addressOf, keyLogin, keyOf, text, usable } from "./_asked.ts";
import type { Asked, Connection, NewLogin } from "./_asked.ts";
import { choiceNamed, choicesOf, optionOf } from "./_choices.ts";
import type { Choice } from "./_choices.ts";
import { customConnection } from "./_custom.ts";
import { errors } from "./errors.ts";

/**
 * The way that is meant: what `--auth-choice` says, else the one whose key is given; undefined for none. Throws
 * `SETUP_CHOICE_UNKNOWN` and `SETUP_CHOICES_MANY`.
 */
export function choiceOf({ options, vendors }: Asked): Choice | "custom-api-key" | "claude-cli" | "skip" | undefined {
  const choices = choicesOf(vendors);
  const named = text(options, "authChoice");
  if (named !== undefined) {
    if (named === "custom-api-key" || named === "skip" || named === "claude-cli") return named;
    const token = text(options, "tokenProvider");
    const choice = token && /^(?:apikey|token)$/i.test(named) ? choiceFor(token, choices, named) : undefined;
    const found = choice ?? choiceNamed(named, choices);
    if (!found) throw errors.SETUP_CHOICE_UNKNOWN({ id: named, known: choices.map(({ id }) => id) });
    return found;
  }
  const flags = [...new Set(choices.flatMap(({ flag }) => flag ?? []))];
  const given = flags.filter((flag) => text(options, optionOf(flag)) !== undefined);
  if (given.length > 1) throw errors.SETUP_CHOICES_MANY({ flags: given });
  if (given.length === 1)
    return choices
      .filter(({ flag }) => flag === given[0])
      .toSorted((a, b) => a.vendor.id.length - b.vendor.id.length)
      .at(0);
  return text(options, "customBaseUrl") === undefined ? undefined : "custom-api-key";
}

/** `--auth-choice apiKey --token-provider x`: the usual key, or the token, of that company. */
function choiceFor(provider: string, choices: readonly Choice[], named: string): Choice {
  const id = provider.toLowerCase();
  const own = choices.filter(({ vendor }) => vendor.id === id || vendor.aliases?.includes(id));
  const kind = named.toLowerCase() === "token" ? "token" : "api_key";
  const found = own.find((choice) => choice.kind === kind) ?? own.find((choice) => choice.kind === "api_key");
  if (!found) throw errors.SETUP_CHOICE_UNKNOWN({ id: `${named} of ${provider}`, known: choices.map((one) => one.id) });
  return { ...found, kind };
}

/**
 * Throws `SETUP_KEY_MISSING`, `SETUP_KEY_UNUSABLE`, `SETUP_REF_NEEDS_VARIABLE`, `SETUP_NEEDS_PERSON` and
 * `SETUP_FLAG`.
 */
export function connectionOf(choice: Choice | "custom-api-key" | "claude-cli", asked: Asked): Connection {
  if (choice === "custom-api-key") return customConnection(asked);
  if (choice === "claude-cli") return { logins: [], model: "claude-cli/opus-4.6" };
  const { vendor, kind } = choice;
  const given = choice.flag === undefined ? undefined : text(asked.options, optionOf(choice.flag));
  const model = firstModel(choice.vendor, choice);
  const entry = entryOf(choice, asked);
  const shared = {
    ...(model === undefined ? {} : { model }),
    ...(entry === undefined ? {} : { entry: { provider: vendor.id, values: entry } }),
    ...(vendor.note === undefined ? {} : { note: vendor.note }),
  };
  if (kind === "api_key") {
    const owners = new Set([vendor.id, ...(model === undefined ? [] : [model.slice(0, model.indexOf("/"))])]);
    const pasted = text(asked.options, "tokenProvider") === undefined ? undefined : text(asked.options, "token");
    const secret = keyOf(
      { given: given ?? pasted, names: choice.keyEnv, what: vendor.label, flag: choice.flag },
      asked,
    );
    return { ...shared, logins: [...owners].map((provider) => keyLogin(provider, secret)) };
  }
  if (kind === "token" || (given !== undefined && kind === "device"))
    return { ...shared, logins: [tokenLogin(choice, given, asked)] };
  if (kind === "oauth" || kind === "device")
    throw errors.SETUP_NEEDS_PERSON({ choice: choice.id, provider: vendor.id });
  if (vendor.local === undefined) return { ...shared, logins: [] };
  const id = text(asked.options, "customModelId");
  const secret = given === undefined ? undefined : { text: usable(given, vendor.label) };
  return {
    ...shared,
    logins: secret === undefined ? [] : [keyLogin(vendor.id, secret)],
    ...(id === undefined ? { server: vendor.id } : { model: `${vendor.id}/${id}` }),
  };
}

/** The address that the choice leads to. */
function entryOf({ vendor, baseUrl, kind }: Choice, { options }: Asked): Record<string, string> | undefined {
  if (vendor.local !== undefined) return { baseUrl: addressOf(text(options, "customBaseUrl") ?? vendor.baseUrl) };
  if (vendor.id === "cloudflare-ai-gateway") {
    const [account, gateway] = (["AccountId", "GatewayId"] as const).map((name) =>
      text(options, `cloudflareAiGateway${name}`),
    );
    if (account === undefined || gateway === undefined)
      throw errors.SETUP_FLAG({
        problem:
          "A Cloudflare AI Gateway needs --cloudflare-ai-gateway-account-id and --cloudflare-ai-gateway-gateway-id.",
      });
    const place = [account, gateway].map((part) => encodeURIComponent(part)).join("/");
    return { baseUrl: `https://gateway.ai.cloudflare.com/v1/${place}/anthropic` };
  }
  // The address of a choice made before does not stay behind.
  const several = vendor.auth?.some((way) => way.baseUrl !== undefined) === true && kind === "api_key";
  return several || baseUrl !== undefined ? { baseUrl: baseUrl ?? vendor.baseUrl } : undefined;
}

function tokenLogin({ vendor, flag, id }: Choice, given: string | undefined, { options, now }: Asked): NewLogin {
  const token = given ?? text(options, "token");
  if (token === undefined)
    throw errors.SETUP_KEY_MISSING({ what: `${vendor.label} (${id})`, flag: flag ?? "--token", names: [] });
  const name = text(options, "tokenProfileId") ?? (given === undefined ? "manual" : "github");
  const lasts = text(options, "tokenExpiresIn");
  const ms = lasts === undefined ? undefined : durationMs(lasts, "d");
  if (lasts !== undefined && !(ms !== undefined && ms > 0))
    throw errors.SETUP_FLAG({
      problem: `--token-expires-in must be a time such as 365d, not "${lasts.slice(0, 40)}".`,
    });
  const whole = name.includes(":") ? name : `${vendor.id}:${name}`;
  if (!/^[a-z0-9][\w.-]*:[\w.@+-]{1,120}$/i.test(whole))
    throw errors.SETUP_FLAG({ problem: `"${whole.slice(0, 80)}" cannot be the name of a login.` });
  return {
    id: whole,
    mode: "token",
    profile: {
      type: "token",
      provider: vendor.id,
      token: usable(token, vendor.label),
      ...(ms === undefined ? {} : { expires: now + ms }),
    },
  };
}
