import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { schemaFor } from "./_tool-schema.ts";

const gemini = (schema: object) => schemaFor({ toolSchemaProfile: "gemini" }, schema);
const llamacpp = (schema: object) => schemaFor({ toolSchemaProfile: "llamacpp" }, schema);

describe("schemas of tools", () => {
  it("are themselves where a server understands them", () => {
    const schema = { type: "object", properties: { a: { type: "string", pattern: "^x" } } };
    assert.equal(schemaFor(undefined, schema), schema);
    assert.equal(schemaFor({}, schema), schema);
  });

  it("are made once for a server", () => {
    const schema = { type: "object", properties: {} };
    assert.equal(gemini(schema), gemini(schema));
    assert.notEqual(gemini(schema), llamacpp(schema));
  });

  it("lose refused words, and no property that is called like one", () => {
    const schema = {
      type: "object",
      properties: { format: { type: "string", format: "uri" } },
      additionalProperties: false,
    };
    assert.deepEqual(schemaFor({ unsupportedToolSchemaKeywords: ["format", "additionalProperties"] }, schema), {
      type: "object",
      properties: { format: { type: "string" } },
    });
  });

  it("lose what llama.cpp's grammars cannot say, at any depth", () => {
    const schema = {
      type: "object",
      required: ["list"],
      properties: {
        list: { type: "array", maxItems: 5000, items: { type: "string", pattern: "\\d+", maxLength: 90000 } },
      },
    };
    assert.deepEqual(llamacpp(schema), {
      type: "object",
      required: ["list"],
      properties: { list: { type: "array", items: { type: "string" } } },
    });
  });

  const spoken: readonly [string, object, object][] = [
    ["a choice of words", { anyOf: [{ const: "a" }, { const: "b" }] }, { type: "string", enum: ["a", "b"] }],
    ["one word", { const: "a" }, { type: "string", enum: ["a"] }],
    ["something or nothing", { anyOf: [{ type: "number" }, { type: "null" }] }, { type: "number", nullable: true }],
    ["two types", { type: ["string", "null"] }, { type: "string", nullable: true }],
    [
      "a choice of types",
      { oneOf: [{ type: "string" }, { type: "number" }] },
      { anyOf: [{ type: "string" }, { type: "number" }] },
    ],
    ["a list of anything", { type: "array" }, { type: "array", items: { type: "string" } }],
    ["numbers to choose from", { type: "integer", enum: [1, 2] }, { type: "integer" }],
    ["a format", { type: "string", format: "uri" }, { type: "string" }],
    [
      "closed objects and names that nobody defined",
      {
        $schema: "x",
        type: "object",
        properties: { a: { type: "string" } },
        required: ["a", "b"],
        additionalProperties: false,
      },
      { type: "object", properties: { a: { type: "string" } }, required: ["a"] },
    ],
    [
      "references",
      {
        type: "object",
        properties: { a: { $ref: "#/properties/it/$defs/name" } },
        $defs: { name: { type: "string", description: "n" } },
      },
      { type: "object", properties: { a: { type: "string", description: "n" } } },
    ],
    [
      "parts that all hold",
      {
        allOf: [
          { type: "object", properties: { a: { type: "string" } }, required: ["a"] },
          { properties: { b: { type: "number" } } },
        ],
      },
      { type: "object", properties: { a: { type: "string" }, b: { type: "number" } }, required: ["a"] },
    ],
  ];
  for (const [what, schema, expected] of spoken)
    it(`tell Gemini of ${what}`, () =>
      assert.deepEqual(gemini({ type: "object", properties: { it: schema } }), {
        type: "object",
        properties: { it: expected },
      }));

  it("end where a schema contains itself", () => {
    const schema = { type: "object", properties: { child: { $ref: "#" } } };
    assert.ok(JSON.stringify(gemini(schema)).length < 10_000);
  });
});
