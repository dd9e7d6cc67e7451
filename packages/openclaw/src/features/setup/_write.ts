/** Writing down what was decided. Each step can be done again: a set-up that was killed is finished by the next one. */
import type { ConfigSnapshot } from "../../contracts/config.ts";
import type { CliContext } from "../../contracts/cli.ts";
import { record } from "../../base/record.ts";
import { Models } from "../../models/index.ts";
import { ConfigSections, editConfig, formatPath } from "../config/index.ts";
import type { Segment } from "../config/index.ts";
import type { Connection } from "./_asked.ts";

export interface Change {
  readonly path: string;
  readonly value: unknown;
}

/** First the secrets, then the configuration that speaks of them, in one piece. */
export async function write(
  { platform, use }: Pick<CliContext, "platform" | "use">,
  config: ConfigSnapshot,
  { connection, changes }: { readonly connection: Connection | undefined; readonly changes: readonly Change[] },
): Promise<void> {
  const logins = connection?.logins ?? [];
  if (logins.length > 0) {
    const models = await use(Models);
    for (const { id, profile } of logins) await models.keepLogin(config, { id, profile });
  }
  const all = [...changes, ...(connection ? changesFor(connection, config) : [])];
  if (all.length > 0) await editConfig({ platform, sections: await use(ConfigSections) }, all);
}

/** The reference that is chosen already. */
export function chosenModel(config: ConfigSnapshot): string | undefined {
  const model = config.at("agents.defaults.model");
  const ref = typeof model === "string" ? model : record(model)["primary"];
  return typeof ref === "string" && ref !== "" ? ref : undefined;
}

export function changesFor({ logins, entry, model }: Connection, config: ConfigSnapshot): Change[] {
  const profiles = logins.map(({ id, mode, profile }) => ({
    path: formatPath(["auth", "profiles", id]),
    value: { provider: profile["provider"], mode },
  }));
  return [...profiles, ...entryChanges(entry, config), ...modelChanges(model, config)];
}

function entryChanges(entry: Connection["entry"], config: ConfigSnapshot): Change[] {
  if (!entry) return [];
  const path = ["models", "providers", entry.provider];
  const before = config.at(formatPath(path));
  if (before === undefined) return [{ path: formatPath(path), value: entry.values }];
  return Object.entries(entry.values).flatMap(([key, value]) =>
    key === "models"
      ? rowChanges(value, { path: [...path, key], before: record(before)["models"] })
      : [{ path: formatPath([...path, key]), value }],
  );
}

/** A model that is listed keeps what its owner says of it, one that is new comes behind the others. */
function rowChanges(now: unknown, { path, before }: { path: readonly Segment[]; before: unknown }): Change[] {
  const there = Array.isArray(before) ? before.map((row) => record(row)) : [];
  const rows = Array.isArray(now) ? now.map((row) => record(row)) : [];
  if (there.length === 0) return [{ path: formatPath(path), value: rows }];
  return rows.flatMap((row, more): Change[] => {
    const at = there.findIndex(({ id }) => id === row["id"]);
    if (at < 0) return [{ path: formatPath([...path, there.length + more]), value: row }];
    return row["input"] === undefined ? [] : [{ path: formatPath([...path, at, "input"]), value: row["input"] }];
  });
}

function modelChanges(model: string | undefined, config: ConfigSnapshot): Change[] {
  if (model === undefined) return [];
  const allowed = record(config.at("agents.defaults.models"));
  const listed = Object.keys(allowed).length === 0 || Object.hasOwn(allowed, model);
  return [
    ...(chosenModel(config) === undefined ? [{ path: "agents.defaults.model.primary", value: model }] : []),
    ...(listed ? [] : [{ path: formatPath(["agents", "defaults", "models", model]), value: {} }]),
  ];
}
