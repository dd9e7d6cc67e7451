import assert from "node:assert/strict";
import type { Store } from "../../packages/openclaw/src/store/index.ts";
import type { Check } from "./_store-kit.ts";

const names = async (store: Store) => (await store.sessionGroups.list()).map(({ name }) => name);
const session = (store: Store, key: string, category?: string) =>
  store.sessions.ensure({
    key,
    agentId: "main",
    entry: { sessionId: key, updatedAt: 5, ...(category === undefined ? {} : { category }) },
  });

export function sessionGroupsChecks(check: Check): void {
  check("groups have an order, and keep it", async (store, reopen) => {
    for (const name of ["work", "home", "club"]) await store.sessionGroups.put({ name });
    await store.sessionGroups.put({ name: "club", color: "red" }, 0);
    await store.sessionGroups.put({ name: "work", collapsed: true }, 99);
    await store.sessionGroups.put({ name: "home", icon: "h" });
    assert.deepEqual(await (await reopen()).sessionGroups.list(), [
      { name: "club", color: "red", sessions: 0 },
      { name: "home", icon: "h", sessions: 0 },
      { name: "work", collapsed: true, sessions: 0 },
    ]);
  });
  check("a group that only sessions name is there too, after the others", async (store) => {
    await session(store, "a", "books");
    await session(store, "b", "books");
    await session(store, "c");
    await store.sessionGroups.put({ name: "work" });
    assert.deepEqual(await store.sessionGroups.list(), [
      { name: "work", sessions: 0 },
      { name: "books", sessions: 2 },
    ]);
  });
  check("a renamed group keeps its place and its sessions, and they their time", async (store, reopen) => {
    await store.sessionGroups.put({ name: "work", color: "red" });
    await store.sessionGroups.put({ name: "home" });
    await session(store, "a", "work");
    await session(store, "b", "home");
    const moved = await store.sessionGroups.rename("work", "job");
    assert.deepEqual(
      moved?.map(({ key }) => key),
      ["a"],
    );
    const after = await reopen();
    assert.deepEqual((await after.sessions.get("a"))?.entry, { sessionId: "a", updatedAt: 5, category: "job" });
    assert.equal((await after.sessions.get("b"))?.entry["category"], "home");
    assert.deepEqual((await after.sessionGroups.list())[0], { name: "job", color: "red", sessions: 1 });
  });
  check("a name that is taken is not given twice, and nothing moves", async (store) => {
    await store.sessionGroups.put({ name: "work" });
    await session(store, "a", "work");
    await session(store, "b", "books");
    assert.equal(await store.sessionGroups.rename("work", "books"), undefined);
    assert.equal((await store.sessions.get("a"))?.entry["category"], "work");
    assert.deepEqual(await names(store), ["work", "books"]);
  });
  check("sessions of a removed group belong to none", async (store, reopen) => {
    await store.sessionGroups.put({ name: "work" });
    await session(store, "a", "work");
    assert.equal((await store.sessionGroups.remove("work")).length, 1);
    const after = await reopen();
    assert.deepEqual(await names(after), []);
    assert.deepEqual((await after.sessions.get("a"))?.entry, { sessionId: "a", updatedAt: 5 });
    assert.deepEqual(await after.sessionGroups.remove("work"), []);
  });
}
