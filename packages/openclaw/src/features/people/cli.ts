import { defineCli } from "../../contracts/cli.ts";

const account = { flags: "--account <id>", summary: "Only requests of this account" };
const channel = { flags: "--channel <id>", summary: "The channel, instead of naming it first" };

export const cli = [
  defineCli({
    name: "pairing list",
    summary: "Show who asks to be let in",
    args: [{ name: "channel", summary: "Only this channel", required: false }],
    options: [channel, account],
    gateway: "none",
    json: true,
    examples: ["openclaw pairing list", "openclaw pairing list telegram --json"],
    load: async () => ({ run: (await import("./_cli-pairing.ts")).listPairings }),
  }),
  defineCli({
    name: "pairing approve",
    summary: "Let somebody in by their pairing code",
    args: [
      { name: "channel", summary: "The channel; may be left out", required: false },
      { name: "code", summary: "The code that they were given", required: false },
    ],
    options: [channel, account, { flags: "--notify", summary: "Tell them that they may write now" }],
    gateway: "tries",
    examples: ["openclaw pairing approve telegram ABCD2345", "openclaw pairing approve ABCD2345 --notify"],
    load: async () => ({ run: (await import("./_cli-pairing.ts")).approvePairing }),
  }),
];
