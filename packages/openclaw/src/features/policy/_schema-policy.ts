/** Keys of `tools` that say which tools exist for whom. */
import { Type, choice, closed, defaulted } from "../../contracts/schema.ts";

const names = (description: string) => Type.Optional(Type.Array(Type.String({ minLength: 1 }), { description }));

const ALLOW = "Only these tools; `*` stands for any characters, `group:<name>` for a group";
const DENY = "Never these tools; wins over every allow";
const ALSO_ALLOW = "Tools added to the profile; not together with `allow`";

/** `{ allow?, deny? }`, one step of the evaluation. */
export const allowDeny = closed({ allow: names(ALLOW), deny: names(DENY) });

export const profileName = choice(["minimal", "coding", "messaging", "full"], {
  description: "Base set of tools; absent = full",
});

const rules = {
  profile: Type.Optional(profileName),
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

const peer = Type.Union([Type.String(), Type.Integer()]);

export const elevated = defaulted(
  closed(
    {
      enabled: defaulted(Type.Boolean({ default: true, description: "Master switch for running on the host" })),
      allowFrom: defaulted(
        Type.Record(Type.String(), Type.Array(peer), {
          default: {},
          description: "Senders per channel who may ask for it; empty = nobody",
        }),
      ),
    },
    { default: {} },
  ),
);

export const agentToAgent = defaulted(
  closed(
    {
      enabled: defaulted(Type.Boolean({ default: false, description: "Agents may use each other's sessions" })),
      allow: names("Agents that may; both sides must be listed"),
    },
    { default: {} },
  ),
);

export const subagents = defaulted(
  closed({ tools: defaulted(closed({ allow: names(ALLOW), deny: names(DENY) }, { default: {} })) }, { default: {} }),
);

const SANDBOX_ALLOW = [
  "exec",
  "process",
  "read",
  "write",
  "edit",
  "apply_patch",
  "sessions_list",
  "sessions_history",
  "sessions_send",
  "sessions_spawn",
  "session_status",
];
const SANDBOX_DENY = ["browser", "canvas", "nodes", "cron", "discord", "gateway"];

export const sandbox = defaulted(
  closed(
    {
      tools: defaulted(
        closed(
          {
            allow: defaulted(Type.Array(Type.String(), { default: SANDBOX_ALLOW, description: ALLOW })),
            deny: defaulted(Type.Array(Type.String(), { default: SANDBOX_DENY, description: DENY })),
          },
          { default: {} },
        ),
      ),
    },
    { default: {} },
  ),
);

export const message = defaulted(
  closed(
    {
      crossContext: defaulted(
        closed(
          {
            allowWithinProvider: defaulted(
              Type.Boolean({ default: true, description: "Send elsewhere on the channel of this conversation" }),
            ),
            allowAcrossProviders: defaulted(Type.Boolean({ default: false, description: "Send on another channel" })),
            marker: defaulted(
              closed(
                {
                  enabled: defaulted(Type.Boolean({ default: true })),
                  prefix: defaulted(Type.String({ default: "[from {channel}] " })),
                  suffix: defaulted(Type.String({ default: "" })),
                },
                { default: {} },
              ),
            ),
          },
          { default: {} },
        ),
      ),
    },
    { default: {} },
  ),
);

export const sessions = defaulted(
  closed(
    {
      visibility: defaulted(
        choice(["self", "tree", "agent", "all"], { default: "tree", description: "Sessions that session tools see" }),
      ),
    },
    { default: {} },
  ),
);

export const sessionsSpawn = defaulted(
  closed(
    {
      attachments: defaulted(
        closed(
          {
            enabled: defaulted(Type.Boolean({ default: false })),
            maxTotalBytes: defaulted(Type.Integer({ minimum: 0, default: 5_242_880 })),
            maxFiles: defaulted(Type.Integer({ minimum: 0, default: 50 })),
            maxFileBytes: defaulted(Type.Integer({ minimum: 0, default: 1_048_576 })),
            retainOnSessionKeep: defaulted(Type.Boolean({ default: false })),
          },
          { default: {} },
        ),
      ),
    },
    { default: {} },
  ),
);

export const fs = defaulted(
  closed(
    {
      workspaceOnly: defaulted(
        Type.Boolean({ default: false, description: "Confine read, write, edit and apply_patch to the workspace" }),
      ),
    },
    { default: {} },
  ),
);

const detector = () => defaulted(Type.Boolean({ default: true }));

export const loopDetection = defaulted(
  closed(
    {
      enabled: defaulted(Type.Boolean({ default: false, description: "Notice calls that repeat without progress" })),
      historySize: defaulted(Type.Integer({ minimum: 1, default: 30, description: "Calls of the run looked back at" })),
      warningThreshold: defaulted(Type.Integer({ minimum: 1, default: 10, description: "Repeats until a note" })),
      criticalThreshold: defaulted(Type.Integer({ minimum: 1, default: 20, description: "Repeats until refusal" })),
      globalCircuitBreakerThreshold: defaulted(
        Type.Integer({ minimum: 1, default: 30, description: "Repeats until the run stops" }),
      ),
      detectors: defaulted(
        closed({ genericRepeat: detector(), knownPollNoProgress: detector(), pingPong: detector() }, { default: {} }),
      ),
    },
    { default: {} },
  ),
);

export const experimental = defaulted(
  closed(
    { planTool: defaulted(Type.Boolean({ default: false, description: "The tool update_plan" })) },
    { default: {} },
  ),
);
