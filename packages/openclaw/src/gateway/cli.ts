import { GATEWAY_FLAGS, defineCli } from "../contracts/cli.ts";

const devices = {
  gateway: "needs",
  json: true,
  options: GATEWAY_FLAGS,
} as const;
const token = [
  { flags: "--device <deviceId>", summary: "Id of the device", required: true },
  { flags: "--role <role>", summary: "operator or node", required: true },
];
const requestId = { name: "requestId", summary: "Id of the request, as devices list shows it" };

export const cli = [
  defineCli({
    ...devices,
    name: "devices list",
    summary: "Show devices that are paired and those that ask to be",
    examples: ["openclaw devices list", "openclaw devices list --json"],
    load: async () => ({ run: (await import("./_devices/cli-devices.ts")).listDevices }),
  }),
  defineCli({
    ...devices,
    name: "devices approve",
    summary: "Pair a device that asks for it; without its id, show what would be paired",
    args: [{ ...requestId, required: false }],
    options: [{ flags: "--latest", summary: "Show the newest request; only its id approves it" }, ...GATEWAY_FLAGS],
    examples: ["openclaw devices approve --latest", "openclaw devices approve <requestId>"],
    load: async () => ({ run: (await import("./_devices/cli-devices.ts")).approveDevice }),
  }),
  defineCli({
    ...devices,
    name: "devices reject",
    summary: "Turn down a device that asks to be paired",
    args: [{ ...requestId, required: true }],
    load: async () => ({ run: (await import("./_devices/cli-devices.ts")).rejectDevice }),
  }),
  defineCli({
    ...devices,
    name: "devices remove",
    summary: "Forget a device and close its connections",
    args: [{ name: "deviceId", summary: "Id of the device", required: true }],
    load: async () => ({ run: (await import("./_devices/cli-devices.ts")).removeDevice }),
  }),
  defineCli({
    ...devices,
    name: "devices rotate",
    summary: "Renew the token of a device; the old one stops working",
    options: [
      ...token,
      { flags: "--scope <scope>", summary: "What the new token allows; may be repeated", repeat: true },
      ...GATEWAY_FLAGS,
    ],
    examples: ["openclaw devices rotate --device <deviceId> --role operator"],
    load: async () => ({ run: (await import("./_devices/cli-device-tokens.ts")).rotateToken }),
  }),
  defineCli({
    ...devices,
    name: "devices revoke",
    summary: "Switch the token of a device off",
    options: [...token, ...GATEWAY_FLAGS],
    load: async () => ({ run: (await import("./_devices/cli-device-tokens.ts")).revokeToken }),
  }),
  defineCli({
    ...devices,
    name: "devices clear",
    summary: "Forget every paired device",
    options: [
      { flags: "--yes", summary: "Do it" },
      { flags: "--pending", summary: "Turn down everybody who asks to be paired as well" },
      ...GATEWAY_FLAGS,
    ],
    load: async () => ({ run: (await import("./_devices/cli-device-tokens.ts")).clearDevices }),
  }),
  defineCli({
    name: "qr",
    aliases: ["clawbot qr"],
    summary: "Show a code that pairs a phone",
    gateway: "needs",
    json: true,
    options: [
      { flags: "--remote", summary: "Tell the phone gateway.remote.url" },
      { flags: "--public-url <url>", summary: "Tell the phone this address" },
      { flags: "--setup-code-only", summary: "Print the code and nothing else" },
      { flags: "--no-ascii", summary: "Without the picture" },
      ...GATEWAY_FLAGS,
    ],
    examples: ["openclaw qr", "openclaw qr --public-url wss://claw.example.com"],
    load: async () => ({ run: (await import("./_devices/cli-qr.ts")).showSetupCode }),
  }),
];
