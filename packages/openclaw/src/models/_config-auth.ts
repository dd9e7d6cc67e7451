/** `auth`: which logins there are and in which order they are used; the logins themselves are kept elsewhere. */
import { amount, mapOf, maybeMapOf, maybeText, part, whole } from "../contracts/config-kinds.ts";
import { defineConfig } from "../contracts/config.ts";
import { Type, choice, closed } from "../contracts/schema.ts";

const profile = closed({
  provider: Type.String({ minLength: 1, description: "Provider" }),
  mode: choice(["oauth", "api_key", "token"], { description: "Kind of login" }),
  email: maybeText("Whose it is"),
});

const cooldowns = part(
  {
    billingBackoffHours: amount(5, "First pause after the account ran out of money, hours"),
    billingBackoffHoursByProvider: maybeMapOf(Type.Number({ minimum: 0 }), "The same by provider"),
    billingMaxHours: amount(24, "Longest such pause, hours"),
    failureWindowHours: amount(24, "How long failures count, hours"),
    authPermanentBackoffMinutes: whole(10, "First pause after a login was refused for good, minutes"),
    authPermanentMaxMinutes: whole(60, "Longest such pause, minutes"),
    overloadedProfileRotations: whole(1, "Other logins tried when the provider is overloaded"),
    overloadedBackoffMs: whole(0, "Pause before that, ms"),
    rateLimitedProfileRotations: whole(1, "Other logins tried when the provider limits the rate"),
  },
  "Pauses of logins that failed",
);

export const authSection = defineConfig({
  path: "auth",
  summary: "Logins at providers: which there are, in which order, and their pauses. Holds no secrets.",
  reload: "live",
  schema: closed({
    profiles: mapOf(profile, "Logins by id, `provider:label`"),
    order: mapOf(Type.Array(Type.String()), "Logins in the order in which they are tried, by provider"),
    cooldowns,
  }),
});
