import assert from "node:assert/strict";
import { test } from "node:test";
import type { ConfigSnapshot } from "../../contracts/config.ts";
import type { Principal } from "../../contracts/principal.ts";
import { groupTools } from "./_group-tools.ts";

const who = (id: string): Principal => ({ kind: "person", id, role: "member", scopes: [] });
const alice = who("telegram:default:11");
const KEY = "agent:main:telegram:group:-100";
const config = (telegram: object) => ({ root: { channels: { telegram } } }) as unknown as ConfigSnapshot;
const ask = (telegram: object, principal = alice, sessionKey = KEY) =>
  groupTools(config(telegram), { sessionKey, principal });

test("the sender's entry of the group comes before the group's, then those of every group", () => {
  const everywhere = { toolsBySender: { "11": { allow: ["a"] } }, tools: { allow: ["b"] } };
  const here = { toolsBySender: { "id:11": { allow: ["c"] } }, tools: { allow: ["d"] } };
  assert.deepEqual(ask({ groups: { "*": everywhere, "-100": here } })?.allow, ["c"]);
  assert.deepEqual(ask({ groups: { "*": everywhere, "-100": { tools: here.tools } } })?.allow, ["d"]);
  assert.deepEqual(ask({ groups: { "*": everywhere, "-100": {} } })?.allow, ["a"]);
  assert.deepEqual(ask({ groups: { "*": { tools: everywhere.tools } } })?.allow, ["b"]);
  assert.equal(ask({ groups: { "-200": here } }), undefined);
});

test("an entry for everybody counts for those who have none of their own", () => {
  const bySender = { "*": { deny: ["exec"] }, "11": { deny: [] } };
  assert.deepEqual(ask({ groups: { "-100": { toolsBySender: bySender } } })?.deny, []);
  assert.deepEqual(ask({ groups: { "-100": { toolsBySender: bySender } } }, who("telegram:default:12"))?.deny, [
    "exec",
  ]);
});

test("names that anybody can take are no identity", () => {
  const bySender = { "username:alice": { allow: ["exec"] }, "name:Alice": { allow: ["exec"] } };
  assert.equal(ask({ groups: { "-100": { toolsBySender: bySender } } }), undefined);
});

test("an account's groups come before the channel's, and topics belong to their group", () => {
  const telegram = {
    groups: { "-100": { tools: { allow: ["channel"] } } },
    accounts: { work: { groups: { "-100": { tools: { allow: ["account"] } } } } },
  };
  assert.deepEqual(ask(telegram, who("telegram:work:11"))?.allow, ["account"]);
  assert.deepEqual(ask(telegram, alice, `${KEY}:topic:7`)?.allow, ["channel"]);
});

test("direct chats and other sessions have no group", () => {
  const telegram = { groups: { "*": { tools: { deny: ["exec"] } } } };
  for (const key of ["agent:main:main", "agent:main:telegram:dm:11", "agent:main:cron:x", "global"])
    assert.equal(ask(telegram, alice, key), undefined, key);
});
