/** The sections `gateway`, `discovery` and `ui`. */
import { defineConfig } from "../contracts/config.ts";
import { Type, choice, closed, defaulted, type Static } from "../contracts/schema.ts";
import {
  Count,
  Flag,
  Strings,
  auth,
  controlUi,
  http,
  nodes,
  part,
  push,
  reload,
  remote,
  tailscale,
  tls,
  tools,
} from "./_config-parts.ts";

export const gatewaySection = defineConfig({
  path: "gateway",
  summary: "The listener: where it binds, who may connect, what it serves.",
  schema: closed(
    {
      mode: Type.Optional(
        choice(["local", "remote"], {
          description: "`local` runs a gateway here; `remote` only talks to one elsewhere.",
        }),
      ),
      port: defaulted(
        Type.Integer({
          minimum: 1,
          maximum: 65535,
          default: 18789,
          description: "The one port for WebSocket and HTTP.",
        }),
      ),
      bind: Type.Optional(
        choice(["loopback", "lan", "tailnet", "auto", "custom"], {
          description:
            "Where the port is open: this machine only (`loopback`, also when unset), every interface (`lan`), the tailnet address and no other (`tailnet`), loopback where there is one (`auto`), or `customBindHost` (`custom`).",
        }),
      ),
      customBindHost: Type.Optional(
        Type.String({
          pattern: "^\\d{1,3}(\\.\\d{1,3}){3}$",
          description: 'IPv4 address to bind with `bind: "custom"`.',
        }),
      ),
      auth,
      tailscale,
      controlUi,
      remote,
      trustedProxies: Strings("Addresses or networks of proxies whose forwarding headers are believed."),
      allowRealIpFallback: Flag(false, "Believe `X-Real-IP` of a trusted proxy on its own."),
      strictProxyAttribution: Flag(false, "Refuse every forwarded request that does not come from a trusted proxy."),
      reload,
      http,
      nodes,
      tools,
      tls,
      push,
      handshakeTimeoutMs: defaulted(
        Type.Integer({ minimum: 100, default: 15_000, description: "Time from opening a socket to being logged in." }),
      ),
      channelHealthCheckMinutes: Count(5, "How often channels are looked at; 0 turns it off."),
      channelStaleEventThresholdMinutes: Count(30, "Silence after which a channel is restarted."),
      channelMaxRestartsPerHour: Count(10, "Restarts of one channel within an hour."),
      token: Type.Optional(Type.Unknown({ description: "Ignored; use `gateway.auth.token`." })),
    },
    { default: {} },
  ),
  reload: "restart",
  reloads: { remote: "none", "remote.*": "none", reload: "none", "reload.*": "none" },
  secrets: ["auth.token", "auth.password", "remote.token", "remote.password", "token"],
  rules: (gateway) =>
    gateway.bind === "custom" && gateway.customBindHost === undefined
      ? [{ path: "customBindHost", message: 'is required when gateway.bind is "custom"' }]
      : [],
});

const discoverySection = defineConfig({
  path: "discovery",
  summary: "How the gateway makes itself known on the network.",
  schema: closed(
    {
      mdns: part({
        mode: defaulted(
          choice(["minimal", "full", "off"], {
            default: "minimal",
            description: "What is announced by multicast DNS.",
          }),
        ),
      }),
      wideArea: part({
        enabled: Flag(false, "Publish a DNS-SD zone."),
        domain: Type.Optional(Type.String({ minLength: 1 })),
      }),
    },
    { default: {} },
  ),
  reload: "restart",
});

export const uiSection = defineConfig({
  path: "ui",
  summary: "How clients look.",
  schema: closed(
    {
      seamColor: Type.Optional(
        Type.String({ pattern: "^#?[0-9a-fA-F]{6}$", description: "Accent colour of native clients." }),
      ),
      assistant: part({
        name: Type.Optional(Type.String({ minLength: 1, description: "Name shown instead of the agent's." })),
        avatar: Type.Optional(
          Type.String({ minLength: 1, description: "Emoji, short text, image address or data URI." }),
        ),
      }),
    },
    { default: {} },
  ),
  reload: "live",
});

export type GatewayConfig = Static<typeof gatewaySection.schema>;

export const config = [gatewaySection, discoverySection, uiSection];
