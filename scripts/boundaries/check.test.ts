import assert from "node:assert/strict";
import { suite, test, type TestContext } from "node:test";
import { sampleTree } from "../test/tree.ts";
import { violations } from "./check.ts";

const SRC = "packages/openclaw/src";

interface Case {
  readonly rule: string;
  readonly says: string;
  /** The file under test, in the product's sources unless it names another package. */
  readonly file: string;
  readonly refused: string;
  readonly accepted: string;
  /** Other files of the sample. */
  readonly beside?: Readonly<Record<string, string>>;
}

const CASES: readonly Case[] = [
  {
    rule: "layers",
    says: "a lower layer does not import a higher one",
    file: "base/a.ts",
    refused: 'import { b } from "../contracts/b.ts";',
    accepted: 'import { b } from "./b.ts";',
  },
  {
    rule: "layers",
    says: "a type from a higher layer counts as well",
    file: "base/a.ts",
    refused: 'import type { B } from "../contracts/b.ts";',
    accepted: 'import type { B } from "./b.ts";',
  },
  {
    rule: "layers",
    says: "a feature reaches the client only through import()",
    file: "features/health/cli.ts",
    refused: 'import { connect } from "../../client/index.ts";',
    accepted: 'export const load = () => import("../../client/index.ts");',
  },
  {
    rule: "layers",
    says: "only the composition root, the gateway and the CLI see the registries",
    file: "features/runs/a.ts",
    refused: 'import { tools } from "../../generated/tools.ts";',
    accepted: 'import { tools } from "./tools.ts";',
  },
  {
    rule: "layers",
    says: "nothing outside the product is imported",
    file: "features/runs/a.ts",
    refused: 'import { fake } from "../../../../../test/fakes/clock.ts";',
    accepted: 'import data from "../../../package.json" with { type: "json" };',
  },
  {
    rule: "layers",
    says: "an extension sees nothing of the product but its doors",
    file: "extensions/one/index.ts",
    refused: 'import { open } from "../../packages/openclaw/src/store/index.ts";',
    accepted: 'import { defineChannel } from "openclaw/sdk"; import { poll } from "openclaw/channel-kit";',
  },
  {
    rule: "layers",
    says: "extensions do not import each other",
    file: "extensions/one/index.ts",
    refused: 'import { two } from "../two/index.ts";',
    accepted: 'import { one } from "./_decode.ts";',
  },
  {
    rule: "layers",
    says: "the UI sees the client and nothing behind it",
    file: "packages/ui/src/main.tsx",
    refused: 'import { open } from "../../openclaw/src/store/index.ts";',
    accepted: 'import { connect } from "openclaw/client";',
  },
  {
    rule: "doors",
    says: "another feature is entered through its index",
    file: "features/runs/a.ts",
    refused: 'import { keys } from "../sessions/keys.ts";',
    accepted: 'import { keys } from "../sessions/index.ts";',
  },
  {
    rule: "doors",
    says: "another layer is entered through its index",
    file: "features/runs/a.ts",
    refused: 'import { open } from "../../store/sqlite.ts";',
    accepted: 'import { open } from "../../store/index.ts";',
  },
  {
    rule: "privacy",
    says: "files with an underscore stay in their folder",
    file: "models/catalog.ts",
    refused: 'import { sse } from "./catalogs/_sse.ts";',
    accepted: 'import { sse } from "./_sse.ts";',
  },
  {
    rule: "privacy",
    says: "a folder with an underscore stays in its folder",
    file: "app/index.ts",
    refused: 'import { sse } from "../features/web/_fetching/get.ts";',
    accepted: 'import { sse } from "./_fetching/get.ts";',
  },
  {
    rule: "feature order",
    says: "a feature does not import one to its right",
    file: "features/sessions/a.ts",
    refused: 'import { x } from "../runs/index.ts";',
    accepted: 'import { x } from "../config/index.ts";',
  },
  {
    rule: "feature order",
    says: "a feature does not import a neighbour without a reason in the table",
    file: "features/shell/a.ts",
    refused: 'import { x } from "../files/index.ts";',
    accepted: 'import { x } from "./b.ts";',
  },
  {
    rule: "feature order",
    says: "a feature that the order does not know is named",
    file: "features/unheardof/a.ts",
    refused: 'import { x } from "../config/index.ts";',
    accepted: 'import { x } from "./b.ts";',
  },
  {
    rule: "laziness",
    says: "a dialect is not loaded before it is spoken",
    file: "models/index.ts",
    refused: 'import { dialect } from "./dialects/offline.ts";',
    accepted: 'export const load = () => import("./dialects/offline.ts");',
  },
  {
    rule: "laziness",
    says: "a service is not loaded before it is used, but its type may be named",
    file: "features/runs/index.ts",
    refused: 'export { services } from "./service.ts";',
    accepted: 'export type { Runs } from "./service.ts";',
  },
  {
    rule: "laziness",
    says: "an extension's code is not loaded before it is configured, its configuration is data",
    file: "generated/extensions.ts",
    refused: 'import one from "../../../../extensions/one/index.ts";',
    accepted: 'import { config } from "../../../../extensions/one/config.ts";',
  },
  {
    rule: "packages",
    says: "a package is used where the table puts it",
    file: "features/runs/a.ts",
    refused: 'import { WebSocketServer } from "ws";',
    accepted: 'import type { WebSocket } from "ws"; import { join } from "node:path";',
  },
  {
    rule: "packages",
    says: "an unknown package is named",
    file: "features/runs/a.ts",
    refused: 'export const load = () => import("left-pad/lib");',
    accepted: 'export const load = () => import("./left-pad.ts");',
  },
  {
    rule: "packages",
    says: "an extension uses what its own package.json lists",
    file: "extensions/one/index.ts",
    refused: 'import { Bot } from "grammy"; import discord from "@discordjs/core/x";',
    accepted: 'import { Bot } from "grammy";',
    beside: { "extensions/one/package.json": '{ "dependencies": { "grammy": "1.0.0" } }' },
  },
  {
    rule: "cycles",
    says: "modules do not import each other when they load; a type or import() closes no circle",
    file: "features/runs/a.ts",
    refused: 'import { b } from "./b.ts";',
    accepted: 'import type { B } from "./b.ts"; export const load = () => import("./b.ts");',
    beside: {
      [`${SRC}/features/runs/b.ts`]: 'export { c } from "./c.ts";',
      [`${SRC}/features/runs/c.ts`]: 'import "./a.ts";',
    },
  },
  {
    rule: "cycles",
    says: "a type in braces still loads its module",
    file: "features/runs/a.ts",
    refused: 'import { type B } from "./b.ts";',
    accepted: 'import type { B } from "./b.ts";',
    beside: { [`${SRC}/features/runs/b.ts`]: 'import "./a.ts";' },
  },
  {
    rule: "browser",
    says: "what the UI loads runs in a browser",
    file: "packages/ui/src/main.tsx",
    refused: 'import { connect } from "openclaw/client";',
    accepted: 'import type { connect } from "openclaw/client";',
    beside: {
      [`${SRC}/client/index.ts`]: 'import "./_socket.ts";',
      [`${SRC}/client/_socket.ts`]: 'import "node:net";',
    },
  },
];

for (const rule of new Set(CASES.map((each) => each.rule))) {
  suite(`boundaries: ${rule}`, () => {
    for (const sample of CASES.filter((each) => each.rule === rule)) {
      test(sample.says, (t) => {
        assert.deepEqual(broken(t, sample, sample.refused), [rule]);
        assert.deepEqual(broken(t, sample, sample.accepted), []);
      });
    }
  });
}

test("boundaries: tests may import what they like", (t) => {
  const root = sampleTree(t, { [`${SRC}/base/a.test.ts`]: 'import "../app/index.ts"; import "fast-check";' });
  assert.deepEqual(violations(root), []);
});

test("boundaries: a violation names file, line and reason", (t) => {
  const root = sampleTree(t, { [`${SRC}/base/a.ts`]: '\nimport { x } from "../store/index.ts";' });
  assert.deepEqual(violations(root), [
    { rule: "layers", at: `${SRC}/base/a.ts:2`, problem: "base must not import store" },
  ]);
});

function broken(t: TestContext, { file, beside = {} }: Case, text: string): string[] {
  const path = /^(packages|extensions)\//.test(file) ? file : `${SRC}/${file}`;
  return [...new Set(violations(sampleTree(t, { ...beside, [path]: text })).map(({ rule }) => rule))];
}
