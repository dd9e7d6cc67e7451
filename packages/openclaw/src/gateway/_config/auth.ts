/** Keys of `gateway.auth`. */
import {
  flag,
  maybeFlag,
  maybePart,
  maybePick,
  maybeSecret,
  part,
  whole,
  words,
} from "../../contracts/config-kinds.ts";
import { Type } from "../../contracts/schema.ts";

const rateLimit = part(
  {
    maxAttempts: whole(10, "Wrong credentials within the window before a client is locked out", { minimum: 1 }),
    windowMs: whole(60_000, "Window in which wrong credentials are counted, ms", { minimum: 1000 }),
    lockoutMs: whole(300_000, "How long a locked out client waits, ms", { minimum: 1000 }),
    exemptLoopback: flag(true, "Slow down programs on this machine instead of locking them out"),
  },
  "Wrong credentials",
);

const trustedProxy = maybePart(
  {
    userHeader: Type.Optional(Type.String({ minLength: 1, description: "Header in which the proxy names the user" })),
    requiredHeaders: words([], "Headers that must be present"),
    allowUsers: Type.Optional(
      Type.Array(Type.String({ minLength: 1 }), {
        description: "Users that may connect; absent means all that the proxy lets through",
      }),
    ),
    allowLoopback: flag(false, "Accept a proxy on this machine"),
  },
  "A proxy that knows who the user is",
);

export const auth = part(
  {
    mode: maybePick(
      ["token", "password", "trusted-proxy", "none"],
      "How clients prove themselves; only this way counts once set; absent means token, `none` works on loopback only",
    ),
    token: maybeSecret("Secret of clients; else OPENCLAW_GATEWAY_TOKEN"),
    password: maybeSecret("Password of people; better in OPENCLAW_GATEWAY_PASSWORD"),
    allowTailscale: maybeFlag(
      "Accept the identity that Tailscale Serve vouches for; absent means with Serve and without a password",
    ),
    rateLimit,
    trustedProxy,
    identityScopes: Type.Optional(
      Type.Record(Type.String(), Type.Array(Type.String()), {
        description: "Rights by user that a trusted proxy names; others have none",
      }),
    ),
  },
  "Who may connect",
);
