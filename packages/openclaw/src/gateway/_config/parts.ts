/** Pieces of the `gateway` section, split so that each can be read at a glance. */
import {
  flag,
  maybeFlag,
  maybePart,
  maybeSecret,
  maybeText,
  maybeWhole,
  part,
  pick,
  text,
  whole,
  words,
} from "../../contracts/config-kinds.ts";
import { Type } from "../../contracts/schema.ts";

const UNUSED = "No longer used";
const path = (description: string) => maybeText(description, { minLength: 1 });

export const controlUi = part(
  {
    enabled: flag(true, "Serve the Control UI"),
    basePath: text("/", "Path that it is served below"),
    root: path("Folder with other files than the bundled ones"),
    allowedOrigins: words([], "Origins of pages that may connect besides the gateway's own"),
    allowInsecureAuth: flag(false, "Let it in with the shared secret alone when the page cannot prove a device"),
    dangerouslyDisableDeviceAuth: flag(false, "Never ask it for a device"),
    dangerouslyAllowHostHeaderOriginFallback: flag(
      false,
      "Believe the Host header when the origin of a page is judged",
    ),
    embedSandbox: pick(["strict", "scripts", "trusted"], "scripts", "What embedded content may do"),
    allowExternalEmbedUrls: flag(false, "Embed pages of other origins"),
  },
  "The web interface",
);

export const tailscale = part(
  {
    mode: pick(
      ["off", "serve", "funnel"],
      "off",
      "Publish the gateway through Tailscale: in the tailnet, or to everybody",
    ),
    resetOnExit: flag(false, "Take the publication back at exit"),
  },
  "Tailscale",
);

export const remote = maybePart(
  {
    url: maybeText("Gateway that the command line talks to, `ws://` or `wss://`", {
      pattern: "^wss?://",
      hint: "an address that begins with ws:// or wss://",
    }),
    transport: pick(["ssh", "direct"], "ssh", "How the Mac app reaches it"),
    token: maybeSecret("Token for it"),
    password: maybeSecret("Password for it"),
    sshTarget: path("Machine that it is reached through, `user@host`"),
    sshIdentity: path("File of the SSH key"),
    tlsFingerprint: path("Fingerprint that its certificate must have"),
  },
  "A gateway elsewhere; these are what clients here use, not what the gateway here demands",
);

export const reload = part(
  {
    mode: pick(
      ["hybrid", "hot", "restart", "off"],
      "hybrid",
      "What a changed file does: apply and restart what must, apply only, always restart, nothing",
    ),
    debounceMs: whole(300, "Quiet time after the last change of the file, ms"),
    deferralTimeoutMs: whole(300_000, "How long a restart waits for work under way, ms; 0 waits forever"),
  },
  "Changes of this file",
);

export const nodes = part(
  {
    browser: maybePart(
      {
        mode: pick(["auto", "manual", "off"], "auto", "Use the only browser of a node, the one named, or none"),
        node: maybeText("Node whose browser is used"),
      },
      "Browsers of nodes",
    ),
    allowCommands: words([], "Node commands allowed beyond the defaults of the platform"),
    denyCommands: words([], "Node commands that are never allowed"),
    pairing: part(
      {
        autoApproveLocal: flag(true, "Approve devices on this machine without asking"),
        autoApproveCidrs: Type.Optional(
          Type.Array(Type.String({ minLength: 1 }), {
            description: "Networks whose nodes are approved when first seen",
          }),
        ),
      },
      "New nodes",
    ),
  },
  "Nodes: phones, computers and others that the assistant may use",
);

export const tls = part(
  {
    enabled: flag(false, "Serve https and wss instead of http and ws"),
    autoGenerate: flag(false, "Make a self-signed certificate when there is none"),
    certPath: path("File of the certificate"),
    keyPath: path("File of its key"),
    caPath: path("File of the authorities that it comes from"),
  },
  "Encryption of the port",
);

export const push = maybePart(
  {
    apns: maybePart(
      {
        relay: maybePart(
          {
            baseUrl: path("Address of the relay"),
            timeoutMs: whole(10_000, "Longest request, ms", { minimum: 1 }),
          },
          "Relay",
        ),
      },
      "Apple's push service",
    ),
  },
  "Push messages to phones",
);

export const tools = part(
  {
    allow: words([], "Tools that HTTP callers may invoke although they are denied by default"),
    deny: words([], "Tools that HTTP callers may not invoke"),
  },
  "`POST /tools/invoke`",
);

export const webchat = maybePart(
  {
    chatHistoryMaxChars: Type.Optional(
      Type.Integer({ minimum: 1, description: "Longest text of a message shown, characters" }),
    ),
  },
  "Chat in the browser",
);

/** `bridge`: what older versions had in place of nodes. */
export const bridgeKeys = {
  enabled: maybeFlag(UNUSED),
  port: maybeWhole(UNUSED),
  bind: maybeText(UNUSED),
  tls: maybePart(
    {
      enabled: maybeFlag(UNUSED),
      autoGenerate: maybeFlag(UNUSED),
      certPath: maybeText(UNUSED),
      keyPath: maybeText(UNUSED),
      caPath: maybeText(UNUSED),
    },
    UNUSED,
  ),
};
