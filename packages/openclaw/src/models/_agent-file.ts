/**
 * `models.json` in an agent's folder: providers in the same form as `models.providers`, kept there by hand or by other
 * programs. It is read, never written: keys of the configuration do not end up in a second place.
 */
import { join } from "node:path";
import type { Static } from "../contracts/schema.ts";
import { Type, choice, fits } from "../contracts/schema.ts";
import { errorText } from "../base/errors.ts";
import { infoNow, readText } from "../base/files.ts";
import type { Log } from "../base/log.ts";
import { compact, isShowable, printable, shortened } from "../base/text.ts";
import type { ProviderEntries, ProviderEntry } from "./_source.ts";

const FILE_BYTES = 16 * 1024 * 1024;

const tokens = Type.Optional(Type.Integer({ minimum: 1, maximum: 100_000_000 }));
const price = Type.Number({ minimum: 0, maximum: 100_000 });
const Model = Type.Object({
  id: Type.String({ minLength: 1, maxLength: 200 }),
  name: Type.Optional(Type.String()),
  api: Type.Optional(Type.String()),
  reasoning: Type.Optional(Type.Boolean()),
  input: Type.Optional(Type.Array(choice(["text", "image"]))),
  cost: Type.Optional(Type.Object({ input: price, output: price, cacheRead: price, cacheWrite: price })),
  contextWindow: tokens,
  contextTokens: tokens,
  maxTokens: tokens,
  compat: Type.Optional(Type.Record(Type.String(), Type.Unknown())),
});
/** More than is named here may stand in the file; it is passed over. */
const Provider = Type.Object({
  baseUrl: Type.Optional(Type.String()),
  apiKey: Type.Optional(Type.String()),
  api: Type.Optional(Type.String()),
  authHeader: Type.Optional(Type.Boolean()),
  headers: Type.Optional(Type.Record(Type.String(), Type.String())),
  models: Type.Optional(Type.Array(Type.Unknown(), { maxItems: 5000 })),
});

interface Known {
  /** Size and time of the last change. */
  readonly mark: string;
  readonly entries: ProviderEntries;
}

export class AgentFiles {
  readonly #log: Log;
  readonly #changed: () => void;
  readonly #known = new Map<string, Known>();

  /** `changed` is called when a file holds something else than before. */
  constructor(log: Log, changed: () => void) {
    this.#log = log;
    this.#changed = changed;
  }

  /** Of an agent's folder, as last read. */
  entries(dir: string): ProviderEntries | undefined {
    return this.#known.get(dir)?.entries;
  }

  /** Reads the file of this folder when it has changed. Never rejects: a broken file changes nothing. */
  async load(dir: string): Promise<void> {
    const path = join(dir, "models.json");
    const before = this.#known.get(dir);
    let mark = "";
    try {
      const info = infoNow(path);
      mark = info ? `${info.size} ${info.mtimeMs}` : "";
      if ((before?.mark ?? "") === mark) return;
      if (info?.isTrusted === false) throw new Error("others can write it, or it is not yours: chown and chmod 600 it");
      const entries = info ? this.#parsed(path, await readText(path, FILE_BYTES)) : {};
      this.#known.set(dir, { mark, entries });
      this.#changed();
    } catch (error) {
      this.#known.set(dir, { mark, entries: before?.entries ?? {} });
      this.#log.warn(`${path} cannot be read`, { error: errorText(error) });
    }
  }

  #parsed(path: string, text: string | undefined): ProviderEntries {
    const all = (JSON.parse(text ?? "{}") as { providers?: unknown } | null)?.providers;
    const entries = Object.entries(typeof all === "object" && all !== null ? all : {});
    return Object.fromEntries(
      entries.flatMap(([id, entry]) => {
        if (fits(Provider, entry)) return [[id, entryOf(entry)]];
        this.#log.warn(`${path}: the provider "${shortened(printable(id), 40)}" is not understood and left out`);
        return [];
      }),
    );
  }
}

function entryOf({ baseUrl, apiKey, api, authHeader, headers, models = [] }: Static<typeof Provider>): ProviderEntry {
  const sound = (models.filter((model) => fits(Model, model)) as Static<typeof Model>[]).filter(
    ({ id, name = "" }) => isShowable(id) && isShowable(name),
  );
  return compact({
    baseUrl,
    apiKey: isMarker(apiKey) ? undefined : apiKey,
    api,
    authHeader: authHeader ?? false,
    headers: headers && headersOf(headers),
    models: sound.map(
      ({ id, name, api: own, reasoning, input, cost, contextWindow, contextTokens, maxTokens, compat }) =>
        compact({ id, name, api: own, reasoning, input, cost, contextWindow, contextTokens, maxTokens, compat }),
    ),
  }) as ProviderEntry;
}

/** Stands where a secret is kept elsewhere; the configuration says where. */
function isMarker(text: string | undefined): boolean {
  return text === undefined || text.trim() === "" || text === "secretref-managed";
}

function headersOf(headers: Readonly<Record<string, string>>): NonNullable<ProviderEntry["headers"]> {
  const kept = Object.entries(headers).filter(([, value]) => !isMarker(value));
  return Object.fromEntries(kept.map(([name, value]) => [name, value.replace(/^secretref-env:/, "")]));
}
