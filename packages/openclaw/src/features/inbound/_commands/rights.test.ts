import assert from "node:assert/strict";
import { test } from "node:test";
import type { ChatCommand } from "../../../contracts/chat.ts";
import type { Principal } from "../../../contracts/principal.ts";
import { isOwner } from "../../../contracts/principal.ts";
import { menuRegistered, parsingOn, refusalOf } from "./rights.ts";
import type { CommandSettings, Refusal } from "./rights.ts";

const person = (role: Principal["role"]): Principal => ({
  kind: "person",
  id: "telegram:default:42",
  role,
  scopes: [],
});
const device = (...scopes: string[]): Principal => ({ kind: "device", id: "d", role: "owner", scopes });
const ADMIN = device("operator.admin", "operator.write");
const WRITER = device("operator.write");
const HELPER: Principal = { kind: "agent", id: "a", role: "owner", scopes: [], parent: ADMIN };

interface Case {
  readonly who: Principal;
  readonly command?: Pick<ChatCommand, "level" | "flag">;
  readonly settings?: Partial<CommandSettings>;
  readonly ownersOnly?: boolean;
  readonly gate?: string;
}

function judged({ who, command = {}, settings = {}, ownersOnly = false, gate }: Case): Refusal | undefined {
  return refusalOf(command, {
    asker: {
      principal: who,
      channel: "telegram",
      keys: ["42", "@ada"],
      normalize: (entry) => entry.toLowerCase().replace(/^tg:/, ""),
      ownersOnly,
    },
    settings: settings as CommandSettings,
    closedGate: () => gate,
  });
}

const TABLE: readonly (readonly [title: string, given: Case, expected: Refusal | undefined])[] = [
  ["an owner may", { who: person("owner") }, undefined],
  ["somebody paired may", { who: person("member") }, undefined],
  ["a guest of an open channel may", { who: person("guest") }, undefined],
  ["a stranger may not", { who: person("stranger") }, "unauthorized"],
  ["a guest does not get at what others set to work", { who: person("guest"), command: { level: "member" } }, "member"],
  ["a member does", { who: person("member"), command: { level: "member" } }, undefined],
  ["a device does, too", { who: WRITER, command: { level: "member" } }, undefined],
  ["a member is no owner", { who: person("member"), command: { level: "owner" } }, "owner"],
  ["an owner is", { who: person("owner"), command: { level: "owner" } }, undefined],
  ["a device with every right is an owner", { who: ADMIN, command: { level: "owner" } }, undefined],
  ["a device without is none", { who: WRITER, command: { level: "owner" } }, "owner"],
  ["whoever acts for an owner is none", { who: HELPER, command: { level: "owner" } }, "owner"],
  [
    "the list, when there is one, is all that counts",
    { who: person("owner"), settings: { allowFrom: {} } },
    "unauthorized",
  ],
  ["an empty list lets nobody", { who: person("owner"), settings: { allowFrom: { telegram: [] } } }, "unauthorized"],
  ["a listed sender may", { who: person("guest"), settings: { allowFrom: { telegram: ["tg:42"] } } }, undefined],
  ["by any spelling", { who: person("guest"), settings: { allowFrom: { telegram: ["@Ada"] } } }, undefined],
  ["on every channel", { who: person("guest"), settings: { allowFrom: { "*": ["42"] } } }, undefined],
  [
    "the channel's list goes before that for all",
    { who: person("guest"), settings: { allowFrom: { "*": ["42"], telegram: ["1"] } } },
    "unauthorized",
  ],
  ["a star is everybody", { who: person("guest"), settings: { allowFrom: { telegram: ["*"] } } }, undefined],
  ["the list is not about devices", { who: WRITER, settings: { allowFrom: { telegram: ["1"] } } }, undefined],
  [
    "a listed sender is no owner by that",
    { who: person("guest"), command: { level: "owner" }, settings: { allowFrom: { telegram: ["42"] } } },
    "owner",
  ],
  ["where only owners may, a member may not", { who: person("member"), ownersOnly: true }, "unauthorized"],
  ["where only owners may, an owner may", { who: person("owner"), ownersOnly: true }, undefined],
  [
    "what is switched off is off for owners too",
    { who: ADMIN, command: { flag: "restart" }, settings: { restart: false } },
    "flag",
  ],
  ["what is switched on is on", { who: ADMIN, command: { flag: "restart" }, settings: { restart: true } }, undefined],
  [
    "a closed gate keeps out",
    { who: person("owner"), command: { level: "elevated" }, gate: "tools.elevated.enabled" },
    "elevated",
  ],
  ["open gates let in", { who: person("owner"), command: { level: "elevated" } }, undefined],
];
for (const [title, given, expected] of TABLE) test(`commands: ${title}`, () => assert.equal(judged(given), expected));

test("a person whom a proxy names owns with every right only", () => {
  assert.equal(isOwner({ ...person("owner"), scopes: ["operator.write"] }), false);
  assert.equal(isOwner({ ...person("owner"), scopes: ["operator.admin"] }), true);
});

test("switching text off leaves the menu where there is one, and everything where there is none", () => {
  assert.equal(parsingOn(true, { exists: true, registered: false }), "all");
  assert.equal(parsingOn(false, { exists: true, registered: true }), "menu");
  assert.equal(parsingOn(false, { exists: true, registered: false }), "none");
  assert.equal(parsingOn(false, { exists: false, registered: false }), "all");
});

test("a channel's own setting goes before that for all; auto is what the network stands for", () => {
  assert.equal(menuRegistered("auto", undefined, true), true);
  assert.equal(menuRegistered("auto", undefined, false), false);
  assert.equal(menuRegistered(false, undefined, true), false);
  assert.equal(menuRegistered(false, true, false), true);
  assert.equal(menuRegistered(true, "auto", false), false);
  assert.equal(menuRegistered(undefined, undefined, true), true);
});
