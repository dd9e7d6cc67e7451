import { answer, texts, type Provider } from "./_provider.ts";

/** Variables of the gateway, those of `allowlist` only where there is one. */
export const fromEnv: Provider = async (ids, settings, { platform: { env } }) => {
  const allowed = texts(settings, "allowlist");
  return ids.map((id) => {
    if (allowed && !allowed.includes(id)) return { problem: `${id} is not in the allowlist of the provider` };
    return answer(env[id] ?? "", `the environment variable ${id} is missing or empty`);
  });
};
