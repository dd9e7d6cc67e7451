/** The sections `gateway`, `discovery`, `ui`, `proxy` and `bridge`. */
import { defineConfig } from "../contracts/config.ts";
import {
  COLOR,
  HTTP_URL,
  flag,
  maybePick,
  maybeText,
  part,
  pick,
  port,
  whole,
  words,
} from "../contracts/config-kinds.ts";
import { Type, closed, type Static } from "../contracts/schema.ts";
import { auth } from "./_config/auth.ts";
import { http } from "./_config/http.ts";
import { bridgeKeys, controlUi, nodes, push, reload, remote, tailscale, tls, tools, webchat } from "./_config/parts.ts";

export const gatewaySection = defineConfig({
  path: "gateway",
  summary: "The listener: where it binds, who may connect, what it serves.",
  schema: closed(
    {
      mode: maybePick(["local", "remote"], "`local` runs a gateway here; `remote` only talks to one elsewhere"),
      port: port(18_789, "The one port for WebSocket and HTTP"),
      bind: maybePick(
        ["loopback", "lan", "tailnet", "auto", "custom"],
        "Where the port is open: this machine only (`loopback`, also when unset), every interface (`lan`), the tailnet address and no other (`tailnet`), loopback where there is one (`auto`), or `customBindHost` (`custom`)",
      ),
      customBindHost: maybeText('IPv4 address to bind with `bind: "custom"`', {
        pattern: "^\\d{1,3}(\\.\\d{1,3}){3}$",
        hint: "an IPv4 address",
      }),
      auth,
      tailscale,
      controlUi,
      remote,
      trustedProxies: words([], "Addresses or networks of proxies whose forwarding headers are believed"),
      allowRealIpFallback: flag(false, "Believe `X-Real-IP` of a trusted proxy on its own"),
      strictProxyAttribution: flag(false, "Refuse every forwarded request that does not come from a trusted proxy"),
      reload,
      http,
      nodes,
      tools,
      tls,
      push,
      webchat,
      handshakeTimeoutMs: whole(15_000, "Time from opening a socket to being logged in, ms", { minimum: 100 }),
      channelHealthCheckMinutes: whole(5, "How often channels are looked at, minutes; 0 turns it off"),
      channelStaleEventThresholdMinutes: whole(30, "Silence after which a channel is restarted, minutes"),
      channelMaxRestartsPerHour: whole(10, "Restarts of one channel within an hour"),
      token: Type.Optional(Type.Unknown({ description: "Ignored; use `gateway.auth.token`" })),
    },
    { default: {} },
  ),
  reload: "restart",
  reloads: { remote: "none", reload: "live", token: "none" },
  secrets: ["auth.token", "auth.password", "remote.token", "remote.password", "token"],
  rules: (gateway) =>
    gateway.bind === "custom" && gateway.customBindHost === undefined
      ? [{ path: "customBindHost", message: 'is required when gateway.bind is "custom"' }]
      : [],
});

const discoverySection = defineConfig({
  path: "discovery",
  summary: "How the gateway makes itself known on the network.",
  schema: closed({
    mdns: part(
      {
        mode: pick(
          ["minimal", "full", "off"],
          "minimal",
          "What is announced by multicast DNS; `full` adds the place of the program and the SSH port",
        ),
      },
      "In the local network",
    ),
    wideArea: part(
      {
        enabled: flag(false, "Publish a DNS-SD zone"),
        domain: maybeText("Its domain; without one nothing is published", { minLength: 1 }),
      },
      "Beyond it",
    ),
  }),
  reload: "restart",
});

export const uiSection = defineConfig({
  path: "ui",
  summary: "How clients look.",
  schema: closed(
    {
      seamColor: maybeText("Accent colour of native clients, RRGGBB", COLOR),
      assistant: part(
        {
          name: maybeText("Name shown instead of the agent's", { minLength: 1 }),
          avatar: maybeText("Emoji, short text, image address or data URI", { minLength: 1 }),
        },
        "The assistant in the Control UI",
      ),
    },
    { default: {} },
  ),
  reload: "live",
});

const proxySection = defineConfig({
  path: "proxy",
  summary: "Proxy for what the gateway fetches from the network.",
  schema: closed({
    enabled: flag(false, "Use it; without an address the gateway does not start"),
    proxyUrl: maybeText("Its address; else OPENCLAW_PROXY_URL", HTTP_URL),
  }),
  reload: "restart",
});

const bridgeSection = defineConfig({
  path: "bridge",
  summary: "No longer used and ignored: nodes connect to the gateway's port.",
  schema: Type.Object(bridgeKeys, { additionalProperties: Type.Unknown() }),
  reload: "restart",
});

export type GatewayConfig = Static<typeof gatewaySection.schema>;

export const config = [gatewaySection, discoverySection, uiSection, proxySection, bridgeSection];
