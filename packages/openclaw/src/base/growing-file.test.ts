import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { openGrowing } from "./growing-file.ts";

const root = mkdtempSync(join(tmpdir(), "openclaw-growing-"));
after(() => rmSync(root, { recursive: true }));

test("a missing file is undefined to a reader and made, private, by a writer", async () => {
  const path = join(root, "new", "folder", "a.jsonl");
  assert.equal(await openGrowing(path, "read"), undefined);
  const file = (await openGrowing(path, "append"))!;
  assert.deepEqual([file.created, file.size], [true, 0]);
  await file.append(Buffer.from("line\n"), { durable: true });
  assert.deepEqual([file.size, (await file.read(1, 99)).toString()], [5, "ine\n"]);
  await file.close();
  assert.equal(statSync(path).mode & 0o777, 0o600);
});

test(
  "a write that the disk takes only in part is undone",
  { skip: process.platform === "win32" && "the limit is set with a shell of Unix" },
  () => {
    const path = join(root, "limited");
    const script = `
    import { openGrowing } from ${JSON.stringify(import.meta.resolve("./growing-file.ts"))};
    const file = await openGrowing(${JSON.stringify(path)}, "append");
    await file.append(Buffer.from("kept\\n"), { durable: true });
    const error = await file.append(Buffer.alloc(100_000, "x"), { durable: true }).catch((error) => error);
    console.log(error?.code, file.size);`;
    // A file size limit stands for the full disk: the kernel writes up to it and then refuses.
    const limited = spawnSync(
      "/bin/sh",
      ["-c", 'trap "" XFSZ; ulimit -f 16; exec "$0" --input-type=module -e "$1"', process.execPath, script],
      { encoding: "utf8" },
    );
    assert.equal(limited.stdout.trim(), "EFBIG 5", limited.stderr);
    assert.equal(readFileSync(path, "utf8"), "kept\n");
  },
);
