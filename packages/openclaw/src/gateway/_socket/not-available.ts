/**
 * Methods of the published protocol whose feature this version does not have. Clients are told so instead
 * of `unknown method`; none of them is announced at login. A declared method of the same name comes first.
 */
import type { OperatorScope } from "../../contracts/method.ts";

/** Names by the scope that the published gateway asks for; `family.*` stands for every name below it. */
const LATER: Readonly<Record<Scope, string>> = {
  none: "device.scopes.requestUpgrade device.scopes.waitUpgrade",
  "operator.read": `
    cron.list cron.get cron.status cron.runs
    skills.search skills.detail skills.library.list
    plugins.search plugins.uiDescriptors plugins.catalog.*
    tasks.get artifacts.list artifacts.get artifacts.download
    agents.workspace.list agents.workspace.get sessions.files.*
    hooks.status
    doctor.memory.dreamDiary
    sessions.diff sessions.catalog.* session.members.list
    gateway.suspend.status users.* webSearch.* github.* portal.* transcripts.* claws.*`,
  "operator.write": `
    chat.toolTitles tasks.cancel push.test push.web.preferences.* fs.listDir
    doctor.memory.* memory.sessionBackfill.* migrations.memory.*
    sessions.assignOwner session.members.* session.visibility.set session.suggestions.* session.typing sessions.goal.*
    board.* progressCard.* mentions.* projects.* themes.* mcp.app.* canvas.document.* controlUi.* ui.command
    sessions.dispatch sessions.reclaim sessions.move sessions.compaction.*
    openclaw.* attach.grant attach.revoke conversations.*`,
  "operator.admin": `
    cron.add cron.update cron.remove cron.run
    skills.install skills.upload.begin skills.upload.chunk skills.upload.commit
    plugins.install plugins.setEnabled plugins.uninstall
    environments.create environments.destroy worktrees.*
    terminal.open terminal.input terminal.resize terminal.close terminal.attach terminal.list terminal.upload
    secrets.resolve secrets.store.list secrets.store.set secrets.store.delete
    update.hold update.report update.runs.* gateway.suspend.prepare gateway.suspend.resume gateway.suspend.handoff
    browser.request computer.* desktop.*`,
  "operator.pairing": "channels.pairing.dismiss",
  "operator.approvals": `
    plugin.approval.request plugin.approval.waitDecision plugin.approval.resolve
    approval.get approval.resolve approval.history exec.approval.grants.list exec.approval.grants.revoke`,
  "operator.questions": "question.request question.get question.resolve question.waitAnswer",
  "operator.talk": "talk.session.* talk.client.* talk.voice.*",
  "operator.talk.secrets": "",
  node: "",
};

/** The scope of a method that comes with a later version; undefined for a name that nobody knows. */
export function laterScope(method: string): Scope | undefined {
  const known = [method, ...families(method)].find((name) => NAMES.has(name));
  return known === undefined ? undefined : NAMES.get(known);
}

/** As `Method.scope`. */
type Scope = OperatorScope | "none" | "node";

const NAMES: ReadonlyMap<string, Scope> = new Map(
  Object.entries(LATER).flatMap(([scope, names]) =>
    names
      .trim()
      .split(/\s+/)
      .filter((name) => name !== "")
      .map((name): [string, Scope] => [name, scope as Scope]),
  ),
);

/** Every name with its scope, families as they are; for the reference and for tests. */
export function laterMethods(): [scope: Scope, names: readonly string[]][] {
  const scopes = Map.groupBy(NAMES.keys(), (name) => NAMES.get(name) as Scope);
  return [...scopes].map(([scope, names]) => [scope, names.toSorted()]);
}

/** `a.b.*`, `a.*` for `a.b.c`: the nearest family first. */
function families(method: string): string[] {
  const parts = method.split(".");
  return parts.slice(1).map((_, i) => `${parts.slice(0, parts.length - 1 - i).join(".")}.*`);
}
