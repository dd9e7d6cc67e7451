/** Reads what a prompt is made of: workspace files, notes, the repository. Remembers what need not be read again. */
import { cwd } from "node:process";
import type { Log } from "../../../base/log.ts";
import type { Platform } from "../../../contracts/service.ts";
import type { ConfigSnapshot } from "../../config/index.ts";
import { FileCache } from "../_file-cache.ts";
import { injected, truncationNotice } from "../_injected.ts";
import type { InjectedFile } from "../_injected.ts";
import { agentsSection } from "../config.ts";
import type { Prompt, PromptRequest } from "../index.ts";
import { compose } from "./compose.ts";
import type { Machine } from "./facts.ts";
import { entryOf, factsOf, heartbeatPrompt, machine, repoRoot } from "./facts.ts";
import { RememberedPrompts } from "./remembered.ts";
import { dailyNotes, noteDays } from "./startup.ts";

/** Longest workspace file that is read at all, in bytes. */
const MAX_FILE_BYTES = 4 * 1024 * 1024;
const MAX_REMEMBERED = 256;

type Texts = Readonly<Record<string, string>>;
type Defaults = ReturnType<typeof defaultsOf>;

export class Prompts {
  readonly #platform: Platform;
  readonly #files = new FileCache(MAX_FILE_BYTES);
  readonly #made = new RememberedPrompts();
  readonly #repos = new Map<string, string | undefined>();
  /** Cuts that a model has been told of. */
  readonly #noticed = new Set<string>();
  #known: Machine | undefined;
  readonly #log: Log;

  constructor(platform: Platform) {
    this.#platform = platform;
    this.#log = platform.log.for("agents");
  }

  async of(request: PromptRequest, texts: Texts): Promise<Prompt> {
    const { agent, config, mode = "full" } = request;
    const defaults = defaultsOf(config);
    const own = entryOf(config, agent.id)?.systemPromptOverride?.trim();
    const override = (own ? own : defaults.systemPromptOverride?.trim()) || undefined;
    const prose = (name: string): string => texts[`features/agents/prompt/${name}.md`] ?? "";
    const files = override || mode === "none" ? [] : await this.#injected(request, defaults);
    const notice = truncationNotice(files);
    const always = defaults.bootstrapPromptTruncationWarning === "always";
    const preamble = mode === "full" ? await this.#preamble(request, defaults, { prose, files, notice }) : "";
    const repo = await this.#repo(defaults.repoRoot, agent.workspace);
    const parts = {
      request,
      facts: factsOf(config, agent, { repo, here: this.#here }),
      files,
      prose,
      ...(always && notice !== undefined ? { notice } : {}),
    };
    const report = {
      bootstrapMaxChars: defaults.bootstrapMaxChars,
      bootstrapTotalMaxChars: defaults.bootstrapTotalMaxChars,
      sandboxMode: sandboxMode(config, agent.id),
    };
    const prompt = this.#made.of(parts, texts, () => compose(parts, report, override));
    return preamble === "" ? prompt : { ...prompt, preamble };
  }

  /** Found out for the first prompt: a gateway that only starts does without. */
  get #here(): Machine {
    return (this.#known ??= machine());
  }

  async #injected(request: PromptRequest, defaults: Defaults): Promise<readonly InjectedFile[]> {
    const { agent, config, isMain, mode, continuation } = request;
    if (defaults.contextInjection === "never") return [];
    if (defaults.contextInjection === "continuation-skip" && continuation === true) return [];
    return injected(agent.workspace, {
      maxChars: defaults.bootstrapMaxChars,
      totalMaxChars: defaults.bootstrapTotalMaxChars,
      isMain,
      heartbeat: heartbeatPrompt(config, agent) !== undefined,
      reduced: mode === "minimal",
      files: this.#files,
      log: this.#log,
    });
  }

  /** What goes before the words of this turn. */
  async #preamble(
    request: PromptRequest,
    defaults: Defaults,
    told: { prose: (name: string) => string; files: readonly InjectedFile[]; notice: string | undefined },
  ): Promise<string> {
    const { prose, files, notice } = told;
    const ritual = files.find(({ name }) => name === "BOOTSTRAP.md")?.text;
    const parts = [
      request.fresh === undefined ? "" : await this.#startup(request, defaults, prose("startup")),
      request.localModel === true && ritual !== undefined ? `${prose("ritual").trim()}\n\n${ritual.trim()}` : "",
      defaults.bootstrapPromptTruncationWarning === "once" && this.#isNews(request.agent.workspace, notice)
        ? `(${notice})`
        : "",
    ];
    return parts.filter((part) => part !== "").join("\n\n");
  }

  async #startup({ agent, fresh, isMain }: PromptRequest, defaults: Defaults, intro: string): Promise<string> {
    const { enabled, applyOn = ["new", "reset"], dailyMemoryDays, ...limits } = defaults.startupContext;
    if (!enabled || fresh === undefined || !isMain || !applyOn.includes(fresh)) return "";
    const zone = defaults.userTimezone ?? this.#here.timezone;
    const days = noteDays(this.#platform.clock.now(), zone, dailyMemoryDays);
    const notes = await dailyNotes(agent.workspace, days, { dailyMemoryDays, ...limits });
    return notes === "" ? "" : `${intro.trim()}\n\n${notes}`;
  }

  #isNews(workspace: string, notice: string | undefined): boolean {
    if (notice === undefined) return false;
    const signature = `${workspace}\n${notice}`;
    if (this.#noticed.has(signature)) return false;
    if (this.#noticed.size >= MAX_REMEMBERED) this.#noticed.clear();
    this.#noticed.add(signature);
    return true;
  }

  /** Looked for once: what a prompt says of it does not change while the process runs. */
  async #repo(configured: string | undefined, workspace: string): Promise<string | undefined> {
    const key = `${configured ?? ""}\n${workspace}`;
    if (this.#repos.has(key)) return this.#repos.get(key);
    const found = await repoRoot(configured, { workspace, cwd: cwd(), home: this.#platform.paths.home });
    if (this.#repos.size >= MAX_REMEMBERED) this.#repos.clear();
    this.#repos.set(key, found);
    return found;
  }
}

function sandboxMode(config: ConfigSnapshot, id: string): string {
  const own = entryOf(config, id)?.sandbox as { readonly mode?: string } | undefined;
  return own?.mode ?? defaultsOf(config).sandbox.mode;
}

function defaultsOf(config: ConfigSnapshot) {
  return config.section(agentsSection).defaults;
}
