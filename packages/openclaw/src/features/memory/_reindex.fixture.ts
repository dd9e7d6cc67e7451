/** A process that computes embeddings anew for an index and is killed in the middle of it. */
import { systemClock } from "../../base/time.ts";
import { quietLog } from "../../../../../test/harness/log.ts";
import { IndexHost } from "./_host.ts";
import { meaning } from "./_world.fixture.ts";

const [path = "", fingerprint = ""] = process.argv.slice(2);
const place = { path, tokenizer: "unicode61" as const };
const host = new IndexHost({ clock: systemClock, log: quietLog });
for (let after = 0, told = false; ;) {
  const texts = await host.ask("pending", place, { fingerprint, after, limit: 1 });
  const last = texts.at(-1);
  if (last === undefined) break;
  after = last.id;
  const vectors = texts.map(({ text }) => meaning(text));
  await host.ask("keep", place, {
    embedder: { fingerprint, label: "new" },
    hashes: texts.map(({ hash }) => hash),
    floats: Float32Array.from(vectors.flat()),
    dimensions: vectors[0]?.length ?? 0,
  });
  await systemClock.sleep(100);
  if (!told) process.stdout.write("some\n");
  told = true;
}
