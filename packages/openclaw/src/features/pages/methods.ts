/**
 * What pages of the published Control UI and terminal chat ask when they open, for features that this version
 * does not have: the documented answers of a gateway where nothing of the kind exists. None is announced.
 */
import { Type, closed } from "../../contracts/schema.ts";
import { defineMethod } from "../../contracts/method.ts";
import type { OperatorScope } from "../../contracts/method.ts";
import { uuid } from "../../base/ids.ts";

const Answer = Type.Union([Type.Record(Type.String(), Type.Unknown()), Type.Array(Type.Unknown())]);
const text = Type.Optional(Type.String({ maxLength: 512 }));

const empty = (
  name: string,
  summary: string,
  answer: Readonly<Record<string, unknown>> | readonly unknown[],
  scope: OperatorScope = "operator.read",
) =>
  defineMethod({
    name,
    scope,
    summary,
    hidden: true,
    open: true,
    params: closed({}),
    result: Answer,
    run: () => (Array.isArray(answer) ? [...answer] : { ...(answer as Record<string, unknown>) }),
  });

export const methods = [
  empty("question.list", "Questions of agents to the owner: none.", { questions: [] }, "operator.questions"),
  empty("taskSuggestions.list", "Suggested tasks: none.", { suggestions: [] }),
  empty("tasks.list", "Tasks in the background: none.", { tasks: [] }),
  empty("plugin.approval.list", "Approvals that plugins ask for: none.", [], "operator.approvals"),
  empty("openclaw.approval.list", "Approvals of set-up: none.", [], "operator.approvals"),
  empty("projects.list", "Projects: none.", { projects: [], recents: [] }),
  defineMethod({
    name: "mentions.list",
    scope: "operator.read",
    summary: "Mentions: none.",
    hidden: true,
    open: true,
    params: closed({}),
    result: Answer,
    run: (call) => ({ gatewayInstanceId: uuid(call.platform.random), revision: 0, items: [] }),
  }),
  empty("users.prefs.get", "Settings of people: none.", { status: "ok", entries: {} }),
  empty("plugins.list", "Plugins: none.", { plugins: [], diagnostics: [], mutationAllowed: false, generation: 0 }),
  empty("plugins.controlUi.list", "Plugins with pages: none.", { revision: 0, plugins: [], diagnostics: [] }),
  defineMethod({
    name: "board.get",
    scope: "operator.read",
    summary: "The board of a conversation: empty.",
    hidden: true,
    open: true,
    params: closed({ sessionKey: text }),
    result: Answer,
    run: (_call, { sessionKey }) => ({ sessionKey: sessionKey ?? "main", revision: 0, tabs: [], widgets: [] }),
  }),
  empty("progressCard.get", "The progress card of a conversation: none.", { card: null }),
  empty("controlUi.sessionPullRequests.subscribe", "Pull requests of a conversation: none.", { subscribed: false }),
  defineMethod({
    name: "plugin.surface.refresh",
    scope: "operator.read",
    summary: "Addresses of pages that plugins serve: none.",
    hidden: true,
    open: true,
    params: closed({ surface: text }),
    result: Answer,
    run: (call, { surface }) => ({
      surface: surface ?? "",
      pluginSurfaceUrls: {},
      expiresAtMs: call.platform.clock.now() + 3_600_000,
    }),
  }),
  empty("worktrees.list", "Worktrees: none.", { worktrees: [] }),
  empty("themes.list", "Themes: the one built in.", { current: "default", theme: "default", themes: ["default"] }),
  defineMethod({
    name: "environments.list",
    scope: "operator.read",
    summary: "Where agents work: this machine.",
    hidden: true,
    open: true,
    params: closed({}),
    result: Answer,
    run: () => ({
      environments: [
        {
          id: "gateway",
          type: "local",
          label: "This gateway",
          status: "available",
          platform: process.platform,
          capabilities: [],
        },
      ],
    }),
  }),
];
