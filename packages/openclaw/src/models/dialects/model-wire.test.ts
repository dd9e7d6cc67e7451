import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { describe, it } from "node:test";
import { APIS, PAGE, PARTS, modelWire, modelWirePage } from "../../../../../test/conformance/modelWire.ts";

describe("the page of what goes over the wire", () => {
  it("says what the dialects send; else write it anew with scripts/model-wire.ts --write", async () => {
    const stated = await readFile(new URL(`../../../../../${PAGE}`, import.meta.url), "utf8");
    assert.equal(await modelWirePage(), stated);
  });

  it("leaves out no part and no dialect", async () => {
    const table = await modelWire();
    assert.deepEqual([...table.keys()], PARTS);
    for (const found of table.values()) assert.deepEqual([...found.keys()], APIS);
  });

  it("shows that pictures and documents reach only those who take them", async () => {
    const table = await modelWire();
    for (const [part, data] of [
      ["Picture, for a model without eyes", "UElDVFVSRQ=="],
      ["Document, where none are taken", "UERG"],
    ] as const)
      for (const [api, sent] of table.get(part) ?? []) {
        assert.ok(!JSON.stringify(sent ?? null).includes(data), api);
        assert.match(JSON.stringify(sent), /left out/, api);
      }
  });

  it("shows that nobody hears the thoughts of another", async () => {
    for (const [api, sent] of (await modelWire()).get("Thought, to somebody else") ?? [])
      assert.equal(sent, undefined, api);
  });
});
