import { Type, closed } from "../../contracts/schema.ts";
import { defineMethod } from "../../contracts/method.ts";
import { Config, ConfigSections } from "./index.ts";

const issue = Type.Object({ path: Type.String(), message: Type.String() });

export const methods = [
  defineMethod({
    name: "config.get",
    scope: "operator.read",
    summary: "The configuration file as text and as data, validated, with secrets hidden.",
    params: closed({}),
    result: Type.Object({
      path: Type.String(),
      exists: Type.Boolean(),
      raw: Type.Union([Type.String(), Type.Null()], {
        description: "Text of the file; null when there is none or it cannot be read",
      }),
      parsed: Type.Unknown({ description: "Content of the file as data" }),
      valid: Type.Boolean(),
      config: Type.Record(Type.String(), Type.Unknown(), { description: "With defaults; empty when invalid" }),
      hash: Type.String({ description: "Identifies the bytes of the file" }),
      issues: Type.Array(issue),
      warnings: Type.Array(issue),
      legacyIssues: Type.Array(issue),
      includedPaths: Type.Array(Type.String()),
      configRevisionHash: Type.String({ description: "Of the file" }),
      appliedConfigHash: Type.String({ description: "Of the configuration in force" }),
    }),
    run: async ({ use }) => {
      const { describeFile } = await import("./_describe.ts");
      return describeFile(await use(Config), await use(ConfigSections));
    },
  }),
];
