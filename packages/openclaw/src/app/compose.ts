/** Puts the generated registries and the container together: from here every unit finds every other. */
import type { Scope } from "../base/scope.ts";
import { Prose } from "../contracts/bus.ts";
import type { Platform, Use } from "../contracts/service.ts";
import { ChannelRegistry } from "../features/channels/index.ts";
import { ConfigSections } from "../features/config/index.ts";
import { ChatCommands } from "../features/inbound/index.ts";
import { ToolRegistry } from "../features/policy/index.ts";
import { BundledSkills } from "../features/skills/index.ts";
import { chat } from "../generated/chat.ts";
import { configSections } from "../generated/config.ts";
import { dialects } from "../generated/dialects.ts";
import { extensions } from "../generated/extensions.ts";
import { migrations } from "../generated/migrations.ts";
import { services } from "../generated/services.ts";
import { tools } from "../generated/tools.ts";
import { vendors } from "../generated/vendors.ts";
import { Dialects, Vendors } from "../models/index.ts";
import { Migrations } from "../store/index.ts";
import { createContainer } from "./container.ts";
import { skillsFolder } from "./skills-folder.ts";

/** Services of this installation, made on first use and ended with the scope. `given` stands before the registries. */
export function compose(platform: Platform, scope: Scope, given: ReadonlyMap<string, unknown> = new Map()): Use {
  const prose = async () => ({
    services: [{ token: Prose, make: async () => (await import("../generated/prose.ts")).prose }],
  });
  const bundled = async () => ({ services: [{ token: BundledSkills, make: skillsFolder }] });
  return createContainer({
    platform,
    scope,
    registry: { ...services, [Prose.name]: prose, [BundledSkills.name]: bundled },
    values: new Map([...registries(), ...given]),
  });
}

/** Every section of the configuration. A section of an extension stands in for one that is only known by its documents. */
export const allSections = [
  ...new Map(
    [...configSections, ...extensions.flatMap(({ config }) => config)].map((section) => [section.path, section]),
  ).values(),
];

function registries(): ReadonlyMap<string, unknown> {
  return new Map<string, unknown>([
    [ConfigSections.name, allSections],
    [Migrations.name, migrations],
    [
      Dialects.name,
      Object.fromEntries(Object.entries(dialects).map(([id, load]) => [id, async () => (await load()).dialect])),
    ],
    [Vendors.name, vendors],
    [ToolRegistry.name, tools],
    [ChatCommands.name, chat],
    [
      ChannelRegistry.name,
      extensions.map(({ manifest, load }) => ({ manifest, load: async () => (await load()).default })),
    ],
  ]);
}
