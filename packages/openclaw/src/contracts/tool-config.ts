/** Settings of tools that stand both in `tools` and, narrowed, in `agents.list[].tools`. */
import {
  Peer,
  flag,
  mapOf,
  maybeMapOf,
  maybePick,
  maybeText,
  maybeWhole,
  maybeWords,
  part,
  text,
  whole,
  words,
} from "./config-kinds.ts";
import { Type, choice, closed } from "./schema.ts";

const names = (description: string) => Type.Optional(Type.Array(Type.String({ minLength: 1 }), { description }));

export const ALLOW = "Only these tools; `*` stands for any characters, `group:<name>` for a group";
export const DENY = "Never these tools; wins over every allow";
const ALSO_ALLOW = "Tools added to the profile; not together with `allow`";

/** `{ allow?, deny? }`, one step of the evaluation. */
export const allowDeny = closed({ allow: names(ALLOW), deny: names(DENY) });

const rules = {
  profile: Type.Optional(
    choice(["minimal", "coding", "messaging", "full"], { description: "Base set of tools; absent = full" }),
  ),
  allow: names(ALLOW),
  deny: names(DENY),
  alsoAllow: names(ALSO_ALLOW),
};

/** The same four keys globally, per agent, and per provider in either. */
export const toolRules = {
  ...rules,
  byProvider: Type.Optional(
    Type.Record(Type.String({ minLength: 1 }), closed(rules), {
      description: "Further restriction for one `provider` or `provider/model`",
    }),
  ),
};

export const elevated = part(
  {
    enabled: flag(true, "Master switch for running on the host"),
    allowFrom: mapOf(Type.Array(Peer), "Senders per channel who may ask for it; empty = nobody"),
  },
  "Running commands on the host instead of the sandbox",
);

export const message = part(
  {
    crossContext: part(
      {
        allowWithinProvider: flag(true, "Send elsewhere on the channel of this conversation"),
        allowAcrossProviders: flag(false, "Send on another channel"),
        marker: part(
          {
            enabled: flag(true, "Mark such messages"),
            prefix: text("[from {channel}] ", "Put before them"),
            suffix: text("", "Put after them"),
          },
          "Mark of messages that come from another conversation",
        ),
      },
      "Messages to other conversations than the one that the assistant is in",
    ),
  },
  "The tool `message`",
);

export const fs = part(
  { workspaceOnly: flag(false, "Confine read, write, edit and apply_patch to the workspace") },
  "Tools for files",
);

export const loopDetection = part(
  {
    enabled: flag(false, "Notice calls that repeat without progress"),
    historySize: whole(30, "Calls of the run looked back at", { minimum: 1 }),
    warningThreshold: whole(10, "Repeats until a note", { minimum: 1 }),
    criticalThreshold: whole(20, "Repeats until refusal", { minimum: 1 }),
    globalCircuitBreakerThreshold: whole(30, "Repeats until the run stops", { minimum: 1 }),
    detectors: part(
      {
        genericRepeat: flag(true, "The same call again and again"),
        knownPollNoProgress: flag(true, "Asking for a state that does not change"),
        pingPong: flag(true, "Two calls in turn"),
      },
      "What counts",
    ),
  },
  "Runs that go in circles",
);

const safeBinProfile = closed({
  minPositional: maybeWhole("Fewest arguments that are no flags"),
  maxPositional: maybeWhole("Most arguments that are no flags"),
  allowedValueFlags: maybeWords("Flags with a value that may be used"),
  deniedFlags: maybeWords("Flags that may not be used"),
});

const applyPatch = part(
  {
    enabled: flag(false, "Experimental; OpenAI and Codex models only"),
    allowModels: maybeWords("Models that get it, `gpt-5.2` or `openai/gpt-5.2`; absent = all of those"),
    workspaceOnly: flag(true, "Confine it to the workspace"),
  },
  "The tool `apply_patch`",
);

export const exec = part(
  {
    backgroundMs: whole(10_000, "Until a command goes on in the background, ms"),
    timeoutSec: whole(1800, "Until a command is ended, seconds; 0 = never"),
    cleanupMs: whole(1_800_000, "How long finished commands are kept, ms"),
    notifyOnExit: flag(true, "Tell the session when a background command ends"),
    notifyOnExitEmptySuccess: flag(false, "Also when it ended well and printed nothing"),
    approvalRunningNoticeMs: whole(10_000, "Until an approved command is reported as running"),
    host: maybePick(
      ["auto", "sandbox", "gateway", "node"],
      "Where commands run; absent = the sandbox when the session has one, else this machine",
    ),
    security: maybePick(
      ["deny", "allowlist", "full"],
      "What an explicit host may run; absent = deny in a sandbox, allowlist on gateway and node",
    ),
    ask: maybePick(["off", "on-miss", "always"], "When to ask first; absent = on-miss"),
    node: maybeText("Node used when the host is `node`"),
    pathPrepend: words([], "Folders put before PATH"),
    safeBins: words(
      ["cut", "uniq", "head", "tail", "tr", "wc"],
      "Filters that may run without an entry in the allow-list",
    ),
    safeBinTrustedDirs: words([], "Folders of such filters besides /bin and /usr/bin"),
    safeBinProfiles: maybeMapOf(safeBinProfile, "What single filters may be given"),
    strictInlineEval: flag(false, "Always ask before `python -c`, `node -e` and the like"),
    applyPatch,
  },
  "Commands",
);

interface Lists {
  readonly allow?: unknown;
  readonly alsoAllow?: unknown;
}

/** Lists that exclude each other, of `tools` or of one agent and of each provider in it; paths are below. */
export function listProblems(tools: Lists & { readonly byProvider?: Readonly<Record<string, Lists>> }) {
  const places: [string, Lists][] = [["", tools]];
  for (const [key, lists] of Object.entries(tools.byProvider ?? {}))
    places.push([`byProvider[${JSON.stringify(key)}].`, lists]);
  return places
    .filter(([, { allow, alsoAllow }]) => allow !== undefined && alsoAllow !== undefined)
    .map(([at]) => ({
      path: `${at}alsoAllow`,
      message: "cannot be combined with `allow` in the same place; put the names into `allow`",
    }));
}

interface Thresholds {
  readonly warningThreshold: number;
  readonly criticalThreshold: number;
  readonly globalCircuitBreakerThreshold: number;
}

/** `loopDetection` whose thresholds do not rise; paths are below `tools`. */
export function thresholdProblems(loop: Thresholds) {
  const { warningThreshold, criticalThreshold, globalCircuitBreakerThreshold } = loop;
  if (warningThreshold < criticalThreshold && criticalThreshold < globalCircuitBreakerThreshold) return [];
  return [
    {
      path: "loopDetection",
      message: "thresholds must rise: warningThreshold < criticalThreshold < globalCircuitBreakerThreshold",
    },
  ];
}
