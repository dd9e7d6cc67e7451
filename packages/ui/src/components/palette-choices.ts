import type { SaidRow } from "openclaw/client";
import type { IconName } from "../icons/index.tsx";
import { t } from "../i18n/index.ts";
import { SIDE_PAGES } from "../lib/address.ts";
import { shortTime } from "../lib/time.ts";
import type { App } from "../state/app.ts";
import { titleOf } from "../state/session-title.ts";

export interface Choice {
  readonly id: string;
  readonly group: string;
  readonly icon: IconName;
  readonly label: string;
  /** Start and length of the words in the label that were looked for. */
  readonly marks?: readonly (readonly [number, number])[];
  readonly hint?: string;
  readonly run: () => void;
}

const MOST = 40;
const MOST_SETTINGS = 6;

/**
 * What the palette offers for a query: commands first while it is empty, then whatever contains every word. What was
 * said comes last: it is known later than the rest, and moves nothing that is about to be chosen.
 */
export function choicesOf(app: App, query: string, said: readonly SaidRow[]): Choice[] {
  const words = query.toLowerCase().split(/\s+/).filter(Boolean);
  const matches = (text: string) => words.every((word) => text.toLowerCase().includes(word));
  const commands = commandsOf(app).filter((choice) => matches(choice.label));
  const sessions = app.sessions.rows.value
    .filter((row) => matches(`${titleOf(row)} ${row.lastMessagePreview ?? ""} ${row.channel ?? ""}`))
    .map((row): Choice => ({
      id: row.key,
      group: t("palette.sessions"),
      icon: "message",
      label: titleOf(row),
      ...(row.updatedAt === null ? {} : { hint: shortTime(row.updatedAt, Date.now()) }),
      run: () => app.openSession(row.key),
    }));
  const pages = pagesOf(app, query.trim(), words);
  const typed = words.length === 0 ? [] : typedOf(app).filter((choice) => matches(`${choice.label} ${choice.hint}`));
  const found = query.startsWith("/") ? [...typed, ...sessions] : [...sessions, ...commands, ...pages, ...typed];
  const all = words.length === 0 ? [...commands, ...pages, ...sessions] : found;
  return [...all.slice(0, MOST), ...(words.length === 0 ? [] : saidOf(app, said))];
}

function saidOf(app: App, said: readonly SaidRow[]): Choice[] {
  return said.flatMap(({ sessionKey: key, sessionId, entryId, excerpt, matches, timestamp, title, archived }) => {
    if (key === undefined) return [];
    const row = app.sessions.row(key);
    const name = row === undefined ? (title ?? key) : titleOf(row);
    const when = shortTime(timestamp, Date.now());
    return {
      id: `said ${sessionId} ${entryId}`,
      group: t("palette.said"),
      icon: archived ? "history" : "message",
      label: excerpt,
      marks: matches,
      hint: t("palette.said.where", { name, when }),
      run: () => app.openSession(key),
    };
  });
}

/** Pages; once the settings are loaded, single ones of them too. */
function pagesOf({ page }: App, query: string, words: readonly string[]): Choice[] {
  const choice = (id: string, group: string, label: string, run: () => void, hint?: string): Choice => ({
    id,
    group,
    icon: "settings",
    label,
    ...(hint === undefined ? {} : { hint }),
    run,
  });
  const chunk = page.chunk.value;
  const store = chunk === undefined || chunk === "failed" ? undefined : chunk.store;
  const name = t("rail.settings");
  const own = words.every((word) => name.toLowerCase().includes(word));
  const found = store?.find(query).slice(0, MOST_SETTINGS) ?? [];
  return [
    ...SIDE_PAGES.filter((side) => words.every((word) => t(`rail.${side}`).toLowerCase().includes(word))).map(
      (side) => ({
        ...choice(side, t("palette.pages"), t(`rail.${side}`), () => page.openSide(side)),
        icon: side,
      }),
    ),
    ...(own ? [choice("settings", t("palette.pages"), name, () => page.openSettings())] : []),
    ...found.map(({ path, label }) =>
      choice(`setting ${path}`, t("palette.settings"), label, () => page.openSettings(path), path),
    ),
    ...(words.length > 0
      ? [
          choice("settings search", t("palette.settings"), t("palette.settings.search", { query }), () =>
            page.searchSettings(query),
          ),
        ]
      : []),
  ];
}

/** Commands of the conversation: chosen, they stand in the message box. */
function typedOf({ ui, slash }: App): Choice[] {
  return slash.commands.value.map(({ name, description, args = [] }) => ({
    id: `slash ${name}`,
    group: t("palette.slash"),
    icon: "message",
    label: `/${name}`,
    hint: description,
    run: () => (ui.compose.value = `/${name}${args.length === 0 ? "" : " "}`),
  }));
}

function commandsOf(app: App): Choice[] {
  const { ui, conversation, sessions } = app;
  const key = conversation.key.value;
  const command = (id: string, icon: IconName, label: string, run: () => void): Choice => ({
    id,
    group: t("palette.commands"),
    icon,
    label,
    run,
  });
  const beside = (kind: "run" | "context" | "session") => () => {
    app.openSession(key);
    app.panel.open({ kind, sessionKey: key });
  };
  const stop =
    conversation.run.value === undefined ? [] : [command("stop", "stop", t("command.stop"), () => conversation.stop())];
  const removal =
    key === sessions.mainKey.value ? [] : [command("delete", "delete", t("command.delete"), () => app.remove(key))];
  return [
    ...stop,
    command("new", "new", t("command.new"), () => void app.newChat()),
    command("rename", "edit", t("command.rename"), () => {
      ui.drawer.value = true;
      ui.renaming.value = key;
    }),
    command("happened", "history", t("command.happened"), beside("run")),
    command("context", "adjust", t("command.context"), beside("context")),
    command("settings", "adjust", t("command.settings"), beside("session")),
    command("reset", "reset", t("command.reset"), () => app.askReset(key)),
    ...removal,
    command("light", "light", t("command.theme.light"), () => (ui.theme.value = "light")),
    command("dark", "dark", t("command.theme.dark"), () => (ui.theme.value = "dark")),
    command("system", "system", t("command.theme.system"), () => (ui.theme.value = "system")),
    command("model", "tool", t("command.model"), () => (ui.models.value = true)),
    command("logout", "logout", t("command.logout"), () => app.connection.logout()),
  ];
}
