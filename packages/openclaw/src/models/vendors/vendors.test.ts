/** The data of all vendors is consistent, plausible, and understood by the dialects that it names. */
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { NO_CHAT } from "../../contracts/model.ts";
import type { Compat, ModelRow, Vendor } from "../../contracts/model.ts";
import { dialects } from "../../generated/dialects.ts";
import { vendors } from "../../generated/vendors.ts";
import { Compat as CompatSchema } from "../_config-parts.ts";
import { isLocal } from "../_hosts.ts";

const byId = new Map(vendors.map((vendor) => [vendor.id, vendor]));
const unique = (values: readonly string[]) => assert.equal(new Set(values).size, values.length, values.join(" "));
const ENV = /^[A-Z][A-Z0-9_]*$/;

/** Ways to ask for thoughts that a dialect knows. */
const FORMATS: Readonly<Record<string, readonly string[]>> = {
  "openai-completions": [
    "openai",
    "openrouter",
    "deepseek",
    "zai",
    "moonshot",
    "together",
    "qwen",
    "qwen-chat-template",
  ],
  "anthropic-messages": ["adaptive", "explicit"],
  "bedrock-converse-stream": ["adaptive"],
};

const addresses = (vendor: Vendor) => [vendor.baseUrl, ...(vendor.auth ?? []).map((choice) => choice.baseUrl ?? "")];
const safe = (address: string) => isLocal(address) || new URL(address).protocol === "https:";

describe("all vendors together", () => {
  it("have ids and other names that mean one of them", () =>
    unique(vendors.flatMap(({ id, aliases = [] }) => [id, ...aliases])));

  it("have ways to connect that are told apart", () =>
    unique(vendors.flatMap(({ auth = [] }) => auth.map(({ id }) => id))));

  it("name what they are in letters that a reference keeps", () => {
    for (const { id, aliases = [] } of vendors)
      for (const name of [id, ...aliases]) assert.match(name, /^[a-z0-9][a-z0-9.-]*$/);
  });
});

for (const vendor of vendors)
  describe(vendor.id, () => {
    it("has addresses that nobody on the way can read", () => {
      for (const address of addresses(vendor).filter(Boolean)) assert.ok(safe(address), address);
      assert.ok(vendor.baseUrl !== "" || vendor.baseUrlFrom || vendor.api === NO_CHAT || vendor.api === "offline");
    });

    it("takes an address from the environment only when something is set there", () => {
      assert.equal(vendor.baseUrlFrom?.({}), undefined);
      const all = new Proxy({}, { get: () => "x" });
      const address = vendor.baseUrlFrom?.(all);
      assert.ok(address === undefined || address === "x" || safe(address), address);
    });

    it("names variables as variables are named", () => {
      for (const name of [...vendor.keyEnv, ...(vendor.ambient ?? []).flat()]) assert.match(name, ENV);
      unique(vendor.keyEnv);
    });

    it("can be connected by somebody", () => {
      const ways = (vendor.auth ?? []).length + vendor.keyEnv.length + (vendor.local ? 1 : 0);
      assert.ok(ways > 0 || vendor.api === "offline");
      for (const choice of vendor.auth ?? [])
        assert.equal(choice.flow !== undefined, choice.kind === "oauth" || choice.kind === "device", choice.id);
    });

    it("has models that exist where it says so", () => {
      const rows = vendor.models();
      unique(rows.map(({ id }) => id));
      const has = (id: string) => rows.some((row) => row.id === id);
      if (vendor.defaultModel !== undefined) assert.ok(has(vendor.defaultModel), vendor.defaultModel);
      for (const { defaultModel } of vendor.auth ?? []) {
        const [owner, id] = elsewhere(defaultModel) ?? [vendor, defaultModel];
        if (id !== undefined) assert.ok(owner.models().some((row) => row.id === id) || owner.anyModel === true, id);
      }
      for (const id of Object.values(vendor.renamed ?? {})) assert.ok(has(id), id);
      if (vendor.api === NO_CHAT) assert.deepEqual(rows, []);
      assert.deepEqual(vendor.models(), rows);
    });

    it("has models that are plausible", () => vendor.models().forEach(plausible));

    it("has models that its dialects understand", () => {
      for (const row of vendor.models()) understood(row, vendor);
    });
  });

/** The default model of a way to connect may be one of a sister: `byteplus-plan/ark-code-latest`. */
function elsewhere(ref: string | undefined): [Vendor, string] | undefined {
  const slash = ref?.indexOf("/") ?? -1;
  const sister = ref === undefined || slash < 0 ? undefined : byId.get(ref.slice(0, slash));
  return sister && ref !== undefined ? [sister, ref.slice(slash + 1)] : undefined;
}

function plausible({ id, name, cost, contextWindow, maxTokens, baseUrl }: ModelRow): void {
  assert.ok(id.trim() === id && id !== "" && name.trim() === name && name !== "", id);
  assert.ok(Number.isInteger(contextWindow) && contextWindow >= 2000 && contextWindow <= 20_000_000, id);
  assert.ok(Number.isInteger(maxTokens) && maxTokens >= 1000 && maxTokens <= contextWindow, id);
  if (baseUrl !== undefined) assert.ok(safe(baseUrl), id);
  if (!cost) return;
  for (const price of Object.values(cost)) assert.ok(price >= 0 && price < 200, id);
  assert.ok(cost.input <= cost.output * 2 && cost.cacheRead <= cost.input, id);
}

function understood(row: ModelRow, vendor: Vendor): void {
  const api = row.api ?? vendor.api;
  assert.ok(Object.hasOwn(dialects, api), `${row.id}: ${api}`);
  const compat: Compat = { ...(row.api === undefined ? vendor.compat : {}), ...row.compat };
  for (const key of Object.keys(compat)) assert.ok(key in CompatSchema.properties, `${row.id}: ${key}`);
  if (compat.thinkingFormat !== undefined)
    assert.ok(FORMATS[api]?.includes(compat.thinkingFormat), `${row.id}: ${compat.thinkingFormat} over ${api}`);
}
