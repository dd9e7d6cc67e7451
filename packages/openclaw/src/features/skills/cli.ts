import { GATEWAY_FLAGS, defineCli } from "../../contracts/cli.ts";

const agent = { flags: "--agent <id>", summary: "Skills of this agent; default is the default agent" };
const shared = { options: [agent, ...GATEWAY_FLAGS], gateway: "tries", json: true } as const;
const list = {
  ...shared,
  summary: "Show the skills of an agent, and what those lack that cannot be used",
  options: [{ flags: "--eligible", summary: "Only those that can be used now" }, ...shared.options],
  load: async () => ({ run: (await import("./_cli-skills.ts")).list }),
} as const;
const later = {
  gateway: "none",
  hidden: true,
  load: async () => ({ run: (await import("./_cli-skills.ts")).later }),
} as const;

export const cli = [
  defineCli({ ...list, name: "skills" }),
  defineCli({
    ...list,
    name: "skills list",
    examples: ["openclaw skills list", "openclaw skills list --eligible --json"],
  }),
  defineCli({
    ...shared,
    name: "skills info",
    summary: "Show one skill: where it is, what it needs, how it is called",
    args: [{ name: "name", summary: "Name of the skill", required: true }],
    examples: ["openclaw skills info weather"],
    load: async () => ({ run: (await import("./_cli-skills.ts")).info }),
  }),
  defineCli({
    ...shared,
    name: "skills check",
    summary: "Count what is ready, what is missing and what is broken; fails when a skill is broken",
    load: async () => ({ run: (await import("./_cli-skills.ts")).check }),
  }),
  defineCli({
    ...later,
    name: "skills search",
    summary: "Not available yet: look for skills in a registry",
    args: [{ name: "query", summary: "Words", required: false }],
  }),
  defineCli({
    ...later,
    name: "skills install",
    summary: "Not available yet: fetch a skill from a registry",
    args: [{ name: "slug", summary: "Name in the registry", required: false }],
  }),
  defineCli({
    ...later,
    name: "skills update",
    summary: "Not available yet: renew skills from a registry",
    args: [{ name: "slug", summary: "Name in the registry", required: false }],
    options: [{ flags: "--all", summary: "All of them" }],
  }),
];
