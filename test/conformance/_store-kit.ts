/** What the parts of `testStore` share: rows to put in, and how a check gets its store. */
import { test } from "node:test";
import type { Address, Envelope } from "../../packages/openclaw/src/contracts/envelope.ts";
import type { Principal } from "../../packages/openclaw/src/contracts/principal.ts";
import type { NewPost, NewTurn, PostRow, Store, TurnResult } from "../../packages/openclaw/src/store/index.ts";

export interface OpenedStore {
  readonly store: Store;
  /** A store over the same data as after `kill -9`: nothing was closed or flushed. The old one is not used any more. */
  reopen(): Promise<OpenedStore>;
  close(): Promise<void>;
}

/** Declares one test with a store of its own. */
export type Check = (title: string, run: (store: Store, reopen: () => Promise<Store>) => Promise<void>) => void;

export function checksOn(open: () => Promise<OpenedStore>): Check {
  return (title, run) =>
    void test(title, async () => {
      let opened = await open();
      try {
        await run(opened.store, async () => (opened = await opened.reopen()).store);
      } finally {
        await opened.close();
      }
    });
}

export const OWNER: Principal = { kind: "person", id: "telegram:default:1", role: "owner", scopes: ["operator.read"] };
export const RESULT: TurnResult = {
  status: "ok",
  stopReason: "stop",
  texts: ["hello"],
  usage: { input: 1, output: 2, cacheRead: 0, cacheWrite: 0, totalTokens: 3 },
  sessionId: "s1",
  durationMs: 5,
};

export const address = (chat: string): Address => ({ channel: "telegram", account: "default", kind: "direct", chat });
export const envelope = (nativeId: string, extra: Partial<Envelope> = {}): Envelope => ({
  nativeId,
  address: address("1"),
  from: { id: "1" },
  parts: [{ type: "text", text: "hi" }],
  at: 1,
  ...extra,
});
export const message = (id: string, nativeId = id) => ({
  id,
  account: "telegram:default",
  envelope: envelope(nativeId),
  receivedAt: 1,
});
export const turn = (id: string, sessionKey = "agent:main:main"): NewTurn => ({
  id,
  agentId: "main",
  sessionKey,
  principal: OWNER,
  text: "hi",
  options: {},
  createdAt: 1,
});
export const post = (key: string, chat = "1", at = 1): NewPost => ({
  key,
  address: address(chat),
  text: `text ${key}`,
  at,
});
export const ACCOUNT = "telegram:default";
export const keys = (rows: readonly PostRow[]) => rows.map(({ key }) => key);
