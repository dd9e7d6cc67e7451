import { GATEWAY_FLAGS, defineCli } from "../contracts/cli.ts";

const devices = {
  gateway: "needs",
  json: true,
  options: GATEWAY_FLAGS,
} as const;
const requestId = { name: "requestId", summary: "Id of the request, as devices list shows it" };

export const cli = [
  defineCli({
    ...devices,
    name: "devices list",
    summary: "Show devices that are paired and those that ask to be",
    examples: ["openclaw devices list", "openclaw devices list --json"],
    load: async () => ({ run: (await import("./_cli-devices.ts")).listDevices }),
  }),
  defineCli({
    ...devices,
    name: "devices approve",
    summary: "Pair a device that asks for it; without its id, show what would be paired",
    args: [{ ...requestId, required: false }],
    options: [{ flags: "--latest", summary: "Show the newest request; only its id approves it" }, ...GATEWAY_FLAGS],
    examples: ["openclaw devices approve --latest", "openclaw devices approve <requestId>"],
    load: async () => ({ run: (await import("./_cli-devices.ts")).approveDevice }),
  }),
  defineCli({
    ...devices,
    name: "devices reject",
    summary: "Turn down a device that asks to be paired",
    args: [{ ...requestId, required: true }],
    load: async () => ({ run: (await import("./_cli-devices.ts")).rejectDevice }),
  }),
  defineCli({
    ...devices,
    name: "devices remove",
    summary: "Forget a device and close its connections",
    args: [{ name: "deviceId", summary: "Id of the device", required: true }],
    load: async () => ({ run: (await import("./_cli-devices.ts")).removeDevice }),
  }),
];
