/** Pieces of the `gateway` section, split so that each can be read at a glance. */
import { Type, choice, closed, defaulted, type TSchema } from "../contracts/schema.ts";

/** A secret as text, or a reference to where it is kept. */
const Secret = Type.Union([
  Type.String(),
  closed({
    source: choice(["env", "file", "exec"]),
    provider: Type.Optional(Type.String()),
    id: Type.String({ minLength: 1 }),
  }),
]);

const Strings = (description: string) =>
  defaulted(Type.Array(Type.String({ minLength: 1 }), { default: [] as string[], description }));
const Flag = (on: boolean, description: string) => defaulted(Type.Boolean({ default: on, description }));
const Count = (value: number, description: string) =>
  defaulted(Type.Integer({ minimum: 0, default: value, description }));
/** A closed object that is there, with its defaults, even when the file leaves it out. */
const part = <P extends Record<string, TSchema>>(properties: P) => defaulted(closed(properties, { default: {} }));
const Path = Type.Optional(Type.String({ minLength: 1 }));

const rateLimit = part({
  maxAttempts: defaulted(
    Type.Integer({
      minimum: 1,
      default: 10,
      description: "Wrong credentials within the window before a client is locked out.",
    }),
  ),
  windowMs: defaulted(
    Type.Integer({ minimum: 1000, default: 60_000, description: "Window in which wrong credentials are counted." }),
  ),
  lockoutMs: defaulted(
    Type.Integer({ minimum: 1000, default: 300_000, description: "How long a locked out client waits." }),
  ),
  exemptLoopback: Flag(true, "Slow down programs on this machine instead of locking them out."),
});

const trustedProxy = closed({
  userHeader: Type.Optional(Type.String({ minLength: 1, description: "Header in which the proxy names the user." })),
  requiredHeaders: Strings("Headers that must be present."),
  allowUsers: Type.Optional(
    Type.Array(Type.String({ minLength: 1 }), {
      description: "Users that may connect; absent means all that the proxy lets through.",
    }),
  ),
  allowLoopback: Flag(false, "Accept a proxy on this machine."),
});

export const auth = part({
  mode: Type.Optional(
    choice(["token", "password", "trusted-proxy", "none"], {
      description: "How clients prove themselves; only this way counts once set.",
    }),
  ),
  token: Type.Optional(Secret),
  password: Type.Optional(Secret),
  allowTailscale: Type.Optional(Type.Boolean({ description: "Accept the identity that Tailscale Serve vouches for." })),
  rateLimit,
  trustedProxy: Type.Optional(trustedProxy),
  identityScopes: Type.Optional(
    Type.Record(Type.String(), Type.Array(Type.String()), {
      description: "Scopes by user that a trusted proxy names.",
    }),
  ),
});

export const controlUi = part({
  enabled: Flag(true, "Serve the Control UI."),
  basePath: defaulted(Type.String({ default: "/", description: "Path that the Control UI is served below." })),
  root: Type.Optional(Type.String({ minLength: 1, description: "Folder with other assets than the bundled ones." })),
  allowedOrigins: Strings("Origins of pages that may connect besides the gateway's own."),
  allowInsecureAuth: Flag(
    false,
    "Let the Control UI in with the shared secret alone when the page cannot prove a device.",
  ),
  dangerouslyDisableDeviceAuth: Flag(false, "Never ask the Control UI for a device."),
  dangerouslyAllowHostHeaderOriginFallback: Flag(false, "Believe the Host header when the origin of a page is judged."),
  embedSandbox: defaulted(
    choice(["strict", "scripts", "trusted"], { default: "scripts", description: "What embedded content may do." }),
  ),
  allowExternalEmbedUrls: Flag(false, "Embed pages of other origins."),
});

export const tailscale = part({
  mode: defaulted(
    choice(["off", "serve", "funnel"], { default: "off", description: "Publish the gateway through Tailscale." }),
  ),
  resetOnExit: Flag(false, "Take the publication back at exit."),
});

export const remote = Type.Optional(
  closed({
    url: Type.Optional(Type.String({ pattern: "^wss?://", description: "Gateway that the command line talks to." })),
    transport: defaulted(choice(["ssh", "direct"], { default: "ssh" })),
    token: Type.Optional(Secret),
    password: Type.Optional(Secret),
    sshTarget: Type.Optional(Type.String({ minLength: 1 })),
    sshIdentity: Path,
    tlsFingerprint: Type.Optional(Type.String({ minLength: 1 })),
  }),
);

export const reload = part({
  mode: defaulted(
    choice(["hybrid", "hot", "restart", "off"], { default: "hybrid", description: "What a changed file does." }),
  ),
  debounceMs: Count(300, "Quiet time after the last change of the file."),
  deferralTimeoutMs: Count(300_000, "How long a restart waits for work under way; 0 waits forever."),
});

const fetchLimits = {
  allowUrl: Type.Optional(Type.Boolean()),
  urlAllowlist: Type.Optional(Type.Array(Type.String())),
  allowedMimes: Type.Optional(Type.Array(Type.String())),
  maxBytes: Type.Optional(Type.Integer({ minimum: 1 })),
  maxRedirects: Type.Optional(Type.Integer({ minimum: 0 })),
  timeoutMs: Type.Optional(Type.Integer({ minimum: 1 })),
};

const responses = part({
  enabled: Flag(false, "Serve `POST /v1/responses`."),
  maxBodyBytes: defaulted(Type.Integer({ minimum: 1, default: 20_000_000 })),
  maxUrlParts: Count(8, "Addresses that one request may name."),
  files: Type.Optional(
    closed({
      ...fetchLimits,
      maxChars: Type.Optional(Type.Integer({ minimum: 1 })),
      pdf: Type.Optional(
        closed({
          maxPages: Type.Optional(Type.Integer({ minimum: 1 })),
          maxPixels: Type.Optional(Type.Integer({ minimum: 1 })),
          minTextChars: Type.Optional(Type.Integer({ minimum: 0 })),
        }),
      ),
    }),
  ),
  images: Type.Optional(closed(fetchLimits)),
});

export const http = part({
  endpoints: part({
    chatCompletions: part({ enabled: Flag(false, "Serve `POST /v1/chat/completions`.") }),
    responses,
  }),
  securityHeaders: part({
    strictTransportSecurity: Type.Optional(
      Type.Union([Type.String(), Type.Literal(false)], {
        description: "Value of the Strict-Transport-Security header.",
      }),
    ),
  }),
  allowSessionKeyOverride: Flag(false, "Let HTTP callers choose the session key."),
});

export const nodes = part({
  browser: Type.Optional(
    closed({
      mode: defaulted(choice(["auto", "manual", "off"], { default: "auto" })),
      node: Type.Optional(Type.String()),
    }),
  ),
  allowCommands: Strings("Node commands allowed beyond the defaults of the platform."),
  denyCommands: Strings("Node commands that are never allowed."),
  pairing: part({
    autoApproveLocal: Flag(true, "Approve devices on this machine without asking."),
    autoApproveCidrs: Type.Optional(
      Type.Array(Type.String({ minLength: 1 }), { description: "Networks whose nodes are approved when first seen." }),
    ),
  }),
});

export const tls = part({
  enabled: Flag(false, "Serve https and wss instead of http and ws."),
  autoGenerate: Flag(false, "Make a self-signed certificate when there is none."),
  certPath: Path,
  keyPath: Path,
  caPath: Path,
});

export const push = Type.Optional(
  closed({
    apns: Type.Optional(
      closed({
        relay: Type.Optional(
          closed({
            baseUrl: Type.Optional(Type.String({ minLength: 1 })),
            timeoutMs: defaulted(Type.Integer({ minimum: 1, default: 10_000 })),
          }),
        ),
      }),
    ),
  }),
);

export const tools = part({
  allow: Strings("Tools that HTTP callers may invoke although they are denied by default."),
  deny: Strings("Tools that HTTP callers may not invoke."),
});

export { Count, Flag, Strings, part };
