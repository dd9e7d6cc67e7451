/** The hot-reload matrix: which change needs what. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { Type } from "../../../contracts/schema.ts";
import { defineConfig } from "../../../contracts/config.ts";
import { configSections } from "../../../generated/config.ts";
import { extensions } from "../../../generated/extensions.ts";
import { changedPaths } from "./changed.ts";
import { parsePath } from "../_path.ts";
import { planReload, reloadKind, type ReloadPlan } from "./plan.ts";

const sections = [...new Set([...configSections, ...extensions.flatMap(({ config }) => config)])];

/** `live`, `none`, `restart`, or the parts that restart, joined with `+`. */
function actionOf({ live, none, parts, restart }: ReloadPlan): string {
  if (restart.length > 0) return "restart";
  if (Object.keys(parts).length > 0) return Object.keys(parts).toSorted().join("+");
  return live.length > 0 ? "live" : none.length > 0 ? "none" : "nothing";
}

const MATRIX: readonly (readonly [paths: string, action: string])[] = [
  ["hooks.enabled hooks.token hooks.path hooks.mappings[0].match.path hooks.maxBodyBytes", "hooks"],
  ["hooks.gmail hooks.gmail.account hooks.gmail.serve.port", "gmail"],
  ["browser.enabled browser.profiles.work.cdpPort", "browser"],
  ["cron.enabled cron.maxConcurrentRuns", "cron"],
  ["agents.defaults.heartbeat.every agents.list[0].heartbeat.every agents.list[3].heartbeat", "heartbeat"],
  ["web.enabled", "channels.whatsapp"],
  ["channels.telegram channels.telegram.botToken channels.telegram.accounts.work.botToken", "channels.telegram"],
  ['channels.telegram.groups["-100123"].requireMention', "channels.telegram"],
  ["channels.discord.token", "channels.discord"],
  ["channels.signal.account", "channels.signal"],
  ["channels.imessage.cliPath", "channels.imessage"],
  ["channels.slack.botToken", "channels.slack"],
  ["channels.matrix.homeserver", "channels.matrix"],
  ["channels.irc.host", "channels.irc"],
  ["models.providers.x.baseUrl models.mode auth.profiles.x.mode auth.order.x", "live"],
  ["messages.responsePrefix session.reset.mode logging.level skills.load.watch ui.seamColor talk.apiKey", "live"],
  ["wizard.lastRunAt", "live"],
  ["agents.list[0].name agents.defaults.model.primary tools.profile bindings", "live"],
  ["mcp.servers.x.command", "mcp"],
  ["gateway.reload gateway.reload.mode gateway.reload.debounceMs", "live"],
  ["gateway.remote.url gateway.remote.token", "none"],
  ["gateway.port gateway.bind gateway.auth.token gateway.http gateway.controlUi.basePath gateway.tls", "restart"],
  ["bridge.enabled discovery.mdns.mode canvasHost.port plugins.entries.x.enabled plugins.allow", "restart"],
  ["env.vars.A secrets.providers.x commands.text broadcast.strategy", "restart"],
  ["approvals.exec.enabled diagnostics.enabled update.channel acp.enabled memory.backend proxy.url", "restart"],
  ["nonsense nonsense.deeper channels.nobody.token", "restart"],
  ["models.pricing", "restart"],
  ["meta.lastTouchedVersion $schema", "none"],
];
for (const [paths, action] of MATRIX) {
  for (const path of paths.split(" ")) {
    test(`a change of ${path} needs: ${action}`, () => {
      assert.equal(actionOf(planReload(sections, [path])), action);
      const kind = action === "restart" || action === "none" ? action : "hot";
      assert.equal(reloadKind(sections, parsePath(path) ?? []), kind);
    });
  }
}

test("a whole list of agents may bring other heartbeats along", () => {
  assert.equal(actionOf(planReload(sections, ["agents.list"])), "heartbeat");
});

test("a change above sections needs whatever one of them needs", () => {
  assert.equal(actionOf(planReload(sections, ["gateway"])), "restart");
  const { parts } = planReload(sections, ["channels"]);
  assert.ok(parts["channels.telegram"] && parts["channels.discord"]);
});

test("each path of a change is sorted by itself, several parts may restart", () => {
  const plan = planReload(sections, ["cron.enabled", "hooks.token", "cron.retry", "logging.level", "gateway.port"]);
  assert.deepEqual(plan, {
    live: ["logging.level"],
    none: [],
    parts: { cron: ["cron.enabled", "cron.retry"], hooks: ["hooks.token"] },
    restart: ["gateway.port"],
  });
  assert.equal(actionOf(planReload(sections, [])), "nothing");
});

test("of sections at one place the one that knows the key decides", () => {
  const twins = [
    defineConfig({ path: "a", summary: "", reload: "live", schema: Type.Object({ x: Type.String() }) }),
    defineConfig({ path: "a", summary: "", reload: "restart", schema: Type.Object({ y: Type.String() }) }),
  ];
  assert.deepEqual(
    ["a.x", "a.y", "a.z"].map((path) => actionOf(planReload(twins, [path]))),
    ["live", "restart", "restart"],
  );
});

test("an entry of a list is compared by itself while the list keeps its length", () => {
  const agents = (...every: string[]) => ({ agents: { list: every.map((each) => ({ heartbeat: { every: each } })) } });
  const plan = planReload(sections, changedPaths(agents("1h", "1h"), agents("1h", "2h")));
  assert.deepEqual(plan.parts, { heartbeat: ["agents.list[1].heartbeat.every"] });
  assert.deepEqual(changedPaths(agents("1h"), agents("1h", "1h")), ["agents.list"]);
});
