import type { Kv } from "../ports/index.ts";
import type { Adapter } from "./_adapter.ts";

export function kvPort({ connection, writer }: Adapter): Kv {
  return {
    get: (space, key) =>
      writer.read(
        () => connection.get<{ value: string }>("SELECT value FROM kv WHERE space = ? AND key = ?", space, key)?.value,
      ),
    set: (space, key, value) =>
      writer.write(() => {
        connection.run(
          "INSERT INTO kv (space, key, value) VALUES (?, ?, ?) ON CONFLICT (space, key) DO UPDATE SET value = excluded.value",
          space,
          key,
          value,
        );
      }),
    delete: (space, key) =>
      writer.write(() => {
        connection.run("DELETE FROM kv WHERE space = ? AND key = ?", space, key);
      }),
    list: (space) =>
      writer.read(() =>
        connection
          .all<{ key: string; value: string }>("SELECT key, value FROM kv WHERE space = ? ORDER BY key", space)
          .map(({ key, value }) => ({ key, value })),
      ),
  };
}
