/** Single keys that were renamed, and old spellings of values. */
import type { Migration, Move } from "./legacy.ts";
import { asDict, moveTo } from "./routing.ts";
import { isDict, type Dict } from "../_load/merge.ts";
import { formatPath, valueAt, type Segment } from "../_path.ts";

export const keyMigrations: readonly Migration[] = [
  { treatment: "accepted", moves: speech },
  { treatment: "accepted", moves: messagePrefix },
  {
    treatment: "accepted",
    moves: (root) => [
      ...moveTo(root, ["session", "resetByType", "dm"], ["session", "resetByType", "direct"]),
      ...moveTo(
        root,
        ["browser", "ssrfPolicy", "allowPrivateNetwork"],
        ["browser", "ssrfPolicy", "dangerouslyAllowPrivateNetwork"],
      ),
    ],
  },
  { treatment: "accepted", moves: bindings },
  { treatment: "accepted", moves: sandboxScope },
  { treatment: "accepted", moves: providerApi },
  { treatment: "accepted", moves: mcpTransport },
  { treatment: "accepted", moves: mediaArguments },
  {
    treatment: "ignored",
    moves: (root) => [
      ...moveTo(root, ["gateway", "token"], ["gateway", "auth", "token"]),
      ...gone(root, ["bridge"]),
      ...["agent", "routing"].flatMap((key) => (isEmpty(root[key]) ? gone(root, [key]) : [])),
      ...gone(root, ["agents", "defaults", "llm"]),
      ...gone(root, ["session", "maintenance", "rotateBytes"]),
    ],
  },
  {
    treatment: "offered",
    moves: (root) => [
      ...moveTo(root, ["tools", "web", "x_search"], ["plugins", "entries", "xai", "config", "xSearch"]),
      ...gone(root, ["browser", "relayBindHost"]),
      ...extensionDrivers(root),
      ...secretMarkers(root, []),
    ],
  },
];

function gone(root: Dict, from: readonly Segment[]): Move[] {
  return valueAt(root, from) === undefined ? [] : [{ from, to: [] }];
}

function isEmpty(value: unknown): boolean {
  return isDict(value) && Object.keys(value).length === 0;
}

/** Puts another value in the place of an old one. */
function respell(path: readonly Segment[], value: unknown, old: unknown): Move {
  return {
    from: path,
    to: [{ path, value, whole: true }],
    say: `${formatPath(path)}: ${String(old)} → ${String(value)}`,
  };
}

function speech(root: Dict): Move[] {
  const from = ["messages", "tts", "enabled"];
  const value = valueAt(root, from);
  if (typeof value !== "boolean") return [];
  return [{ from, to: [{ path: ["messages", "tts", "auto"], value: value ? "always" : "off" }] }];
}

/** It never meant another channel; where WhatsApp is not set up it means nothing. */
function messagePrefix(root: Dict): Move[] {
  if (valueAt(root, ["channels", "whatsapp"]) === undefined) return [];
  return moveTo(root, ["messages", "messagePrefix"], ["channels", "whatsapp", "messagePrefix"]);
}

function bindings(root: Dict): Move[] {
  const list = root["bindings"];
  if (!Array.isArray(list)) return [];
  return list.flatMap((_, at) => {
    const match = ["bindings", at, "match"];
    const kind = [...match, "peer", "kind"];
    return [
      ...moveTo(root, [...match, "accountID"], [...match, "accountId"]),
      ...(valueAt(root, kind) === "dm" ? [respell(kind, "direct", "dm")] : []),
    ];
  });
}

/** `perSession: true` is a sandbox for every session, `false` one for all. */
function sandboxScope(root: Dict): Move[] {
  const list = valueAt(root, ["agents", "list"]);
  const holders: (readonly Segment[])[] = [
    ["agents", "defaults", "sandbox"],
    ...(Array.isArray(list) ? list.map((_, at) => ["agents", "list", at, "sandbox"]) : []),
  ];
  return holders.flatMap((holder) => {
    const value = valueAt(root, [...holder, "perSession"]);
    if (typeof value !== "boolean") return [];
    return [
      { from: [...holder, "perSession"], to: [{ path: [...holder, "scope"], value: value ? "session" : "shared" }] },
    ];
  });
}

function providerApi(root: Dict): Move[] {
  return namesIn(root, ["models", "providers"]).flatMap((name) => {
    const path = ["models", "providers", name, "api"];
    return valueAt(root, path) === "openai" ? [respell(path, "openai-completions", "openai")] : [];
  });
}

function mcpTransport(root: Dict): Move[] {
  return namesIn(root, ["mcp", "servers"]).flatMap((name) => {
    const server = ["mcp", "servers", name];
    if (valueAt(root, [...server, "type"]) !== "http") return [];
    return [{ from: [...server, "type"], to: [{ path: [...server, "transport"], value: "streamable-http" }] }];
  });
}

/** `{input}` in the arguments of commands that understand media. */
function mediaArguments(root: Dict): Move[] {
  const lists = [[], ["audio"], ["image"], ["video"]].map((kind) => ["tools", "media", ...kind, "models"]);
  return lists.flatMap((path) => {
    const models = valueAt(root, path);
    if (!Array.isArray(models)) return [];
    return models.flatMap((model, at) => {
      const args = asDict(model)["args"];
      if (!Array.isArray(args) || !args.some((arg) => typeof arg === "string" && /(?<!\{)\{input\}/.test(arg)))
        return [];
      const value = args.map((arg) =>
        typeof arg === "string" ? arg.replace(/(?<!\{)\{input\}/g, "{{MediaPath}}") : arg,
      );
      const place = [...path, at, "args"];
      return [{ from: place, to: [{ path: place, value, whole: true as const }] }];
    });
  });
}

function extensionDrivers(root: Dict): Move[] {
  return namesIn(root, ["browser", "profiles"]).flatMap((name) => {
    const path = ["browser", "profiles", name, "driver"];
    return valueAt(root, path) === "extension" ? [respell(path, "existing-session", "extension")] : [];
  });
}

/** `secretref-env:NAME`, wherever it stands. */
function secretMarkers(value: unknown, path: readonly Segment[]): Move[] {
  const name = typeof value === "string" ? /^secretref-env:([A-Z][A-Z0-9_]*)$/.exec(value)?.[1] : undefined;
  if (name !== undefined) {
    const to = [{ path, value: { source: "env", provider: "default", id: name }, whole: true as const }];
    return [{ from: path, to, say: `${formatPath(path)}: secretref-env:${name} → a reference` }];
  }
  if (value === null || typeof value !== "object") return [];
  const children: (readonly [Segment, unknown])[] = Array.isArray(value) ? [...value.entries()] : Object.entries(value);
  return children.flatMap(([key, item]) => secretMarkers(item, [...path, key]));
}

function namesIn(root: Dict, path: readonly Segment[]): string[] {
  return Object.keys(asDict(valueAt(root, path)));
}
