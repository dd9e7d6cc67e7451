import type { Principal } from "../../contracts/principal.ts";
import { token } from "../../contracts/service.ts";
import type { ToolResult } from "../../contracts/tool.ts";
import type { SkillsService } from "./index.ts";

export const Skills = token<SkillsService>("skills");

/** Absolute path of the folder of skills that come with the product; undefined where it is missing. */
export const BundledSkills = token<string | undefined>("bundled-skills");

/** A call of a tool outside a run, which the feature of runs provides under this name. */
export const ToolCalls = token<{
  callTool(request: {
    readonly name: string;
    readonly args: Readonly<Record<string, unknown>>;
    readonly sessionKey: string;
    readonly agentId: string;
    readonly principal: Principal;
    readonly admin: boolean;
    readonly signal: AbortSignal;
  }): Promise<
    | { readonly ok: true; readonly result: ToolResult }
    | { readonly ok: false; readonly error: { readonly message: string } }
  >;
}>("runs");
