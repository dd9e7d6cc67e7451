import { token } from "../../contracts/service.ts";
import type { SkillsService } from "./index.ts";

export const Skills = token<SkillsService>("skills");

/** Absolute path of the folder of skills that come with the product; undefined where it is missing. */
export const BundledSkills = token<string | undefined>("bundled-skills");
