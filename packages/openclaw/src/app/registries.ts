/** What the generator collected, as services: a registry is loaded when somebody asks for what is in it. */
import { Prose } from "../contracts/bus.ts";
import { provide } from "../contracts/service.ts";
import type { Provider } from "../contracts/service.ts";
import { ChannelRegistry } from "../features/channels/index.ts";
import { ConfigSections } from "../features/config/index.ts";
import { ChatCommands } from "../features/inbound/index.ts";
import { ToolRegistry } from "../features/policy/index.ts";
import { BundledSkills } from "../features/skills/index.ts";
import { Dialects, Vendors } from "../models/index.ts";
import { Migrations } from "../store/index.ts";
import { skillsFolder } from "./skills-folder.ts";

export const registries: readonly Provider[] = [
  provide(ConfigSections, async () => (await import("./sections.ts")).allSections),
  provide(Migrations, async () => (await import("../generated/migrations.ts")).migrations),
  provide(Dialects, async () => {
    const { dialects } = await import("../generated/dialects.ts");
    return Object.fromEntries(Object.entries(dialects).map(([id, load]) => [id, async () => (await load()).dialect]));
  }),
  provide(Vendors, async () => (await import("../generated/vendors.ts")).vendors),
  provide(ToolRegistry, async () => (await import("../generated/tools.ts")).tools),
  provide(ChatCommands, async () => (await import("../generated/chat.ts")).chat),
  provide(ChannelRegistry, async () => {
    const { extensions } = await import("../generated/extensions.ts");
    return extensions.map(({ manifest, load }) => ({ manifest, load: async () => (await load()).default }));
  }),
  provide(Prose, async () => (await import("../generated/prose.ts")).prose),
  provide(BundledSkills, skillsFolder),
];
