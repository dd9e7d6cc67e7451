/** Proves that a store keeps the contracts of its ports. Every adapter passes the same suite. */
import { describe } from "node:test";
import { inboxChecks } from "./_store-inbox.ts";
import { checksOn } from "./_store-kit.ts";
import type { OpenedStore } from "./_store-kit.ts";
import { outboxChecks } from "./_store-outbox.ts";
import { otherChecks } from "./_store-rest.ts";
import { runEventsChecks } from "./_store-run-events.ts";
import { sessionGroupsChecks } from "./_store-session-groups.ts";
import { sessionsChecks } from "./_store-sessions.ts";
import { subagentsChecks } from "./_store-subagents.ts";
import { systemEventsChecks } from "./_store-system-events.ts";
import { usageChecks } from "./_store-usage.ts";
import { turnsChecks } from "./_store-turns.ts";

export type { OpenedStore };

export function testStore(name: string, open: () => Promise<OpenedStore>): void {
  const check = checksOn(open);
  describe(`${name}: inbox`, () => inboxChecks(check));
  describe(`${name}: turns`, () => turnsChecks(check));
  describe(`${name}: outbox`, () => outboxChecks(check));
  describe(`${name}: sessions`, () => sessionsChecks(check));
  describe(`${name}: groups of sessions`, () => sessionGroupsChecks(check));
  describe(`${name}: sub-agents`, () => subagentsChecks(check));
  describe(`${name}: system events`, () => systemEventsChecks(check));
  describe(`${name}: usage`, () => usageChecks(check));
  describe(`${name}: facts of runs`, () => runEventsChecks(check));
  describe(`${name}: devices, values, audit`, () => otherChecks(check));
}
