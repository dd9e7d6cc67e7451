/** Prompts as a real service makes them, over a workspace in a temporary folder. For tests. */
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { TestContext } from "node:test";
import { fakeConfig } from "../../../../../../test/conformance/toolWorld.ts";
import { quietLog } from "../../../../../../test/harness/log.ts";
import { Type, closed } from "../../../contracts/schema.ts";
import { defineTool } from "../../../contracts/tool.ts";
import type { Tool } from "../../../contracts/tool.ts";
import { agentsOf } from "../_agents.ts";
import { prose } from "../../../generated/prose.ts";
import type { Prompt, PromptRequest } from "../index.ts";
import { Prompts } from "./assemble.ts";

export const tool = (name: string, description = `${name} does what ${name} does.`): Tool =>
  defineTool({
    name,
    group: "fs",
    effect: "read",
    label: name,
    summary: `Does ${name}`,
    description,
    params: closed({ path: Type.String({ description: "Where it is, in many words that one can do without" }) }),
    load: () => Promise.reject(new Error("not loaded")),
  });

export const TOOLS = ["edit", "exec", "process", "read", "session_status", "write"].map((name) => tool(name));

export interface Desk {
  readonly workspace: string;
  /** Milliseconds that the clock shows. */
  now: number;
  file(name: string, text: string): Promise<void>;
  prompt(over?: Partial<PromptRequest>): Promise<Prompt>;
  /** Another process over the same folder. */
  restart(): void;
}

export async function desk(t: TestContext, config: Readonly<Record<string, unknown>> = {}): Promise<Desk> {
  const home = await mkdtemp(join(tmpdir(), "openclaw-prompt-"));
  t.after(() => rm(home, { recursive: true, force: true }));
  const workspace = join(home, ".openclaw", "workspace");
  await mkdir(workspace, { recursive: true });
  await writeFile(join(workspace, "AGENTS.md"), "the rules\n");
  const paths = { home, state: join(home, ".openclaw"), config: join(home, ".openclaw", "openclaw.json") };
  const clock = { now: () => self.now };
  const platform = { paths, log: quietLog, clock, env: {} } as never;
  const snapshot = fakeConfig(config);
  const [agent] = agentsOf(snapshot, paths, {});
  if (!agent) throw new Error("there is always an agent");
  let prompts = new Prompts(platform);
  const self: Desk = {
    workspace,
    now: Date.UTC(2026, 5, 15, 12),
    async file(name, text) {
      await mkdir(join(workspace, name, ".."), { recursive: true });
      await writeFile(join(workspace, name), text);
    },
    prompt: (over = {}) =>
      prompts.of(
        {
          agent,
          config: snapshot,
          sessionKey: "agent:main:main",
          isMain: true,
          tools: TOOLS,
          modelRef: "anthropic/claude",
          thinking: "off",
          ...over,
        },
        prose,
      ),
    restart: () => void (prompts = new Prompts(platform)),
  };
  return self;
}

export const stable = ({ system }: Prompt): string =>
  system
    .filter((block) => block.stable)
    .map(({ text }) => text)
    .join();
export const whole = ({ system }: Prompt): string => system.map(({ text }) => text).join("\n\n");
export const titles = (prompt: Prompt): string[] =>
  [...whole(prompt).matchAll(/^## (.+)$/gm)].map(([, title]) => title ?? "");
