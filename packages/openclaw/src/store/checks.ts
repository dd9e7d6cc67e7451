import { exists } from "../base/files.ts";
import { defineCheck, type CheckContext } from "../contracts/check.ts";
import { databasePath } from "./_place.ts";
import { StoreToken, type Store } from "./index.ts";

const LOOK = "See why with: openclaw logs";

export const checks = [
  defineCheck({
    id: "store.database",
    kind: "doctor",
    summary: "The database opens, and this version knows its schema.",
    async run(context) {
      const store = await openStore(context);
      if (!store) return [{ level: "info", message: "No database yet: the gateway has not run here." }];
      const { path, bytes, schema } = await store.info();
      return [{ level: "ok", message: `The database ${path} opens (schema ${schema}, ${kilobytes(bytes)} KB).` }];
    },
  }),
  defineCheck({
    id: "store.dead-letters",
    kind: "doctor",
    summary: "No message was given up.",
    async run(context) {
      const store = await openStore(context);
      if (!store) return [];
      const [came, goes] = await Promise.all([store.inbox.counts(), store.outbox.counts()]);
      if (came.dead + goes.dead === 0) return [{ level: "ok", message: "No message was given up." }];
      return [
        ...(came.dead === 0
          ? []
          : [
              {
                level: "warn" as const,
                message: `${messages(came.dead)} that came in could not be worked on and got no answer.`,
                remedy: LOOK,
              },
            ]),
        ...(goes.dead === 0
          ? []
          : [
              {
                level: "warn" as const,
                message: `${messages(goes.dead)} could not be delivered.`,
                remedy: `${LOOK}; see the channels with: openclaw channels status --probe`,
              },
            ]),
      ];
    },
  }),
];

/** Undefined where there is none: looking must not make one. */
async function openStore({ platform, use }: CheckContext): Promise<Store | undefined> {
  return (await exists(databasePath(platform.paths))) ? use(StoreToken) : undefined;
}

function messages(count: number): string {
  return count === 1 ? "1 message" : `${count} messages`;
}

function kilobytes(bytes: number): number {
  return Math.ceil(bytes / 1024);
}
