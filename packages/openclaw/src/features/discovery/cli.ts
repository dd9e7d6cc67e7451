import { defineCli } from "../../contracts/cli.ts";

export const cli = [
  defineCli({
    name: "gateway discover",
    summary: "Find gateways on the local network",
    options: [{ flags: "--timeout <ms>", summary: "How long to wait for answers, ms (default 2000)" }],
    gateway: "none",
    json: true,
    diagnostic: true,
    load: () => import("./_cli-discover.ts"),
  }),
];
