/** A server of one's own, as `--custom-…` describe it. */
import { addressOf, keyLogin, keyOf, text } from "./_asked.ts";
import type { Asked, Connection } from "./_asked.ts";
import { errors } from "./errors.ts";

const KEY = "CUSTOM_API_KEY";

/** Throws `SETUP_FLAG`. */
export function customConnection(asked: Asked): Connection {
  const { options, env, vendors } = asked;
  const written = text(options, "customBaseUrl");
  const model = text(options, "customModelId");
  if (written === undefined || model === undefined)
    throw errors.SETUP_FLAG({ problem: "A server of your own needs --custom-base-url and --custom-model-id." });
  if (options["customImageInput"] === true && options["customTextInput"] === true)
    throw errors.SETUP_FLAG({ problem: "--custom-image-input and --custom-text-input say the opposite." });
  const baseUrl = addressOf(written);
  const provider = text(options, "customProviderId")?.toLowerCase() ?? nameOf(baseUrl);
  if (!/^[a-z0-9][a-z0-9._-]{0,63}$/.test(provider))
    throw errors.SETUP_FLAG({
      problem: `"${provider.slice(0, 64)}" cannot be the name of a provider: use letters, digits, dots and dashes.`,
    });
  if (vendors.some(({ id, aliases }) => id === provider || aliases?.includes(provider)))
    throw errors.SETUP_FLAG({ problem: `"${provider}" is the name of a known vendor: give your server another one.` });
  const given = text(options, "customApiKey");
  const hasKey = given !== undefined || Boolean(env[KEY]?.trim()) || options["secretInputMode"] === "ref";
  const secret = hasKey ? keyOf({ given, names: [KEY], what: provider, flag: "--custom-api-key" }, asked) : undefined;
  const input = options["customImageInput"] === true ? { input: ["text", "image"] } : {};
  return {
    logins: secret === undefined ? [] : [keyLogin(provider, secret)],
    entry: {
      provider,
      values: {
        baseUrl,
        api: options["customCompatibility"] === "anthropic" ? "anthropic-messages" : "openai-completions",
        models: [{ id: model, name: model, ...input }],
      },
    },
    model: `${provider}/${model}`,
  };
}

/** `http://192.168.1.5:8000/v1` → `custom-192-168-1-5-8000`. */
function nameOf(baseUrl: string): string {
  return `custom-${new URL(baseUrl).host
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "-")
    .replace(/^-|-$/g, "")}`.slice(0, 64);
}
