import { Events } from "../../contracts/bus.ts";
import { provide } from "../../contracts/service.ts";
import type { ServiceContext } from "../../contracts/service.ts";
import { Catalog } from "./_catalog.ts";
import { commandsOf } from "./_commands.ts";
import { Office } from "./_office.ts";
import { Programs } from "./_programs.ts";
import { BundledSkills, Skills } from "./index.ts";
import type { SkillsService } from "./index.ts";

export const services = [provide(Skills, makeSkills)];

async function makeSkills({ use, platform, scope }: ServiceContext): Promise<SkillsService> {
  const events = await use(Events);
  const catalog = new Catalog({
    clock: platform.clock,
    log: platform.log.for("skills"),
    changed: () => events.publish("skills.changed", { reason: "watch" }),
  });
  scope.add("watching skills", () => catalog.end());
  const office = new Office({
    platform,
    catalog,
    programs: new Programs(platform),
    bundled: await use(BundledSkills),
  });
  return {
    eligible: (query) => office.set(query),
    states: (query) => office.states(query),
    commands: async ({ reserved = [], ...query }) => commandsOf((await office.set(query)).skills, reserved),
  };
}
