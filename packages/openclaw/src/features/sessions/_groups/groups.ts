/** The answers of `sessions.groups.*`. Each change is one step of the store: a group and its sessions never disagree. */
import { compact } from "../../../base/text.ts";
import { Events } from "../../../contracts/bus.ts";
import type { MethodCall } from "../../../contracts/method.ts";
import { StoreToken } from "../../../store/index.ts";
import type { SessionGroup, SessionGroupRow, SessionRow } from "../../../store/index.ts";
import { Sessions } from "../_service-tokens.ts";
import { errors } from "../errors.ts";

interface Look {
  readonly name: string;
  readonly icon?: string | null;
  readonly color?: string | null;
  readonly collapsed?: boolean;
  readonly position?: number;
}

/** Rows that are told one by one; who shows more reads the list again. */
const MOST_TOLD = 200;

export async function list(call: MethodCall) {
  const groups = await (await call.use(StoreToken)).sessionGroups.list();
  return { groups, sectionOrder: groups.map(({ name }) => name) };
}

export async function put(call: MethodCall, { position, ...look }: Look) {
  const group = { ...look, name: nameIn(look.name) };
  return stored(call, compact(group) as SessionGroup, position);
}

export async function update(call: MethodCall, { position, ...look }: Look) {
  const { sessions: _count, ...known } = await groupOf(call, nameIn(look.name));
  const changed = Object.entries({ ...known, ...compact(look), name: known.name }).filter(
    ([, value]) => value !== null,
  );
  return stored(call, Object.fromEntries(changed) as unknown as SessionGroup, position);
}

export async function rename(call: MethodCall, { name, to }: { readonly name: string; readonly to: string }) {
  const from = (await groupOf(call, nameIn(name))).name;
  const next = nameIn(to);
  const moved = from === next ? [] : await (await call.use(StoreToken)).sessionGroups.rename(from, next);
  if (moved === undefined) throw errors.GROUP_TAKEN({ name: next });
  const groups = await told(call, moved);
  return { ok: true as const, group: await groupOf(call, next), moved: moved.length, ...groups };
}

export async function remove(call: MethodCall, { name }: { readonly name: string }) {
  const wanted = nameIn(name);
  const deleted = (await list(call)).sectionOrder.includes(wanted);
  const ungrouped = deleted ? await (await call.use(StoreToken)).sessionGroups.remove(wanted) : [];
  return { ok: true as const, deleted, ungrouped: ungrouped.length, ...(await told(call, ungrouped)) };
}

async function stored(call: MethodCall, group: SessionGroup, position: number | undefined) {
  await (await call.use(StoreToken)).sessionGroups.put(group, position);
  const groups = await told(call, []);
  return { ok: true as const, group: await groupOf(call, group.name), ...groups };
}

async function groupOf(call: MethodCall, name: string): Promise<SessionGroupRow> {
  const group = (await list(call)).groups.find((one) => one.name === name);
  if (!group) throw errors.GROUP_UNKNOWN({ name });
  return group;
}

/** Tells clients, and says what there is now. */
async function told(call: MethodCall, rows: readonly SessionRow[]) {
  const [sessions, events, now] = await Promise.all([call.use(Sessions), call.use(Events), list(call)]);
  for (const row of rows.slice(0, MOST_TOLD)) sessions.changed(row, "patch");
  events.publish("sessions.groups.changed", { ts: call.platform.clock.now(), ...now });
  return now;
}

function nameIn(given: string): string {
  const name = given.trim();
  if (name === "") throw errors.GROUP_NAMELESS();
  return name;
}
