import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import {
  chmod,
  mkdir,
  mkdtemp,
  readFile,
  readdir,
  realpath,
  rename,
  rm,
  stat,
  symlink,
  writeFile,
} from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, it, type TestContext } from "node:test";
import { openWithin, readWithin, realPath, writeWithin } from "./open.ts";

async function place(t: TestContext) {
  const top = await realpath(await mkdtemp(join(tmpdir(), "openclaw-open-")));
  t.after(() => rm(top, { recursive: true, force: true }));
  const root = join(top, "root");
  await mkdir(join(root, "dir"), { recursive: true });
  await writeFile(join(root, "a"), "inside");
  await writeFile(join(top, "secret"), "outside");
  await symlink(join(top, "secret"), join(root, "link-out"));
  await symlink(top, join(root, "dir-out"));
  await symlink("a", join(root, "link-in"));
  await symlink(join(top, "not-yet"), join(root, "dangling"));
  await symlink("loop", join(root, "loop"));
  const read = (path: string, within: string | undefined = root) =>
    readWithin({ root: within, path, maxBytes: 1000 }).then(String);
  return { top, root, read };
}

describe("reading a path from outside", () => {
  it("reads what is inside the root, links inside it included", async (t) => {
    const { root, read } = await place(t);
    assert.equal(await read(join(root, "a")), "inside");
    assert.equal(await read(join(root, "dir/../a")), "inside");
    assert.equal(await read(join(root, "link-in")), "inside");
  });

  for (const path of [
    "../secret",
    "link-out",
    "dir-out/secret",
    "dir-out/root/../secret",
    "dangling",
    "../root-beside/a",
  ]) {
    it(`refuses ${path}`, async (t) => {
      const { root, read } = await place(t);
      await assert.rejects(read(join(root, path)), { code: "PATH_OUTSIDE" });
    });
  }

  it("goes anywhere without a root", async (t) => {
    const { top, root } = await place(t);
    assert.equal(String(await readWithin({ root: undefined, path: join(root, "link-out"), maxBytes: 100 })), "outside");
    assert.equal(await realPath(join(root, "dir-out/x/y")), join(top, "x/y"));
  });

  it("works when the root itself is reached through a link", async (t) => {
    const { top, root, read } = await place(t);
    await symlink(root, join(top, "alias"));
    assert.equal(await read(join(top, "alias", "a"), join(top, "alias")), "inside");
  });

  it("opens regular files only, and never waits for a pipe", async (t) => {
    const { root, read } = await place(t);
    execFileSync("mkfifo", [join(root, "pipe")]);
    await assert.rejects(read(join(root, "pipe")), { code: "PATH_NOT_FILE" });
    await assert.rejects(read(join(root, "dir")), { code: "PATH_NOT_FILE" });
    await assert.rejects(readWithin({ root: undefined, path: "/dev/zero", maxBytes: 10 }), { code: "PATH_NOT_FILE" });
  });

  it("names what is missing, goes in circles or is too large", async (t) => {
    const { root, read } = await place(t);
    await assert.rejects(read(join(root, "nope")), { code: "PATH_MISSING" });
    await assert.rejects(read(join(root, "a/b")), { code: "PATH_DENIED" });
    await assert.rejects(read(join(root, "loop")), { code: "PATH_DENIED" });
    await assert.rejects(readWithin({ root, path: join(root, "a"), maxBytes: 5 }), { code: "FILE_TOO_LARGE" });
    await readWithin({ root, path: join(root, "a"), maxBytes: 6 });
  });

  it("never reads outside while a folder is swapped for a link again and again", async (t) => {
    const { top, root } = await place(t);
    await mkdir(join(root, "real"));
    await writeFile(join(root, "real", "secret"), "inside");
    let swapping = true;
    const swaps = (async () => {
      while (swapping) {
        await rename(join(root, "real"), join(root, "aside")).catch(() => {});
        await symlink(top, join(root, "real")).catch(() => {});
        await rm(join(root, "real"), { force: true }).catch(() => {});
        await rename(join(root, "aside"), join(root, "real")).catch(() => {});
      }
    })();
    const path = join(root, "real", "secret");
    for (let i = 0; i < 300; i += 1) {
      const read = await readWithin({ root, path, maxBytes: 100 }).then(String, () => "refused");
      assert.notEqual(read, "outside");
      await writeWithin({ root, path, data: "inside" }).catch(() => {});
    }
    swapping = false;
    await swaps;
    assert.equal(await readFile(join(top, "secret"), "utf8"), "outside");
  });

  it("reads pieces from anywhere in a file", async (t) => {
    const { root } = await place(t);
    const file = await openWithin({ root, path: join(root, "a") });
    t.after(() => file.close());
    assert.deepEqual([file.size, String(await file.read(2, 3)), (await file.read(99, 3)).length], [6, "sid", 0]);
  });
});

describe("writing a path from outside", () => {
  it("makes folders and replaces files, leaving nothing else", async (t) => {
    const { root } = await place(t);
    assert.deepEqual(await writeWithin({ root, path: join(root, "new/deep/f"), data: "1" }), {
      path: join(root, "new/deep/f"),
      created: true,
    });
    assert.deepEqual(await writeWithin({ root, path: join(root, "new/deep/f"), data: "2" }), {
      path: join(root, "new/deep/f"),
      created: false,
    });
    assert.deepEqual(await readdir(join(root, "new/deep")), ["f"]);
  });

  it("keeps permissions, and links", async (t) => {
    const { root } = await place(t);
    await chmod(join(root, "a"), 0o754);
    await writeWithin({ root, path: join(root, "link-in"), data: "new" });
    assert.equal(await readFile(join(root, "a"), "utf8"), "new");
    assert.equal((await stat(join(root, "a"))).mode & 0o777, 0o754);
  });

  for (const path of ["../x", "link-out", "dir-out/x", "dangling", "dir-out/deep/er/x"]) {
    it(`refuses ${path}`, async (t) => {
      const { top, root } = await place(t);
      await assert.rejects(writeWithin({ root, path: join(root, path), data: "x" }), { code: "PATH_OUTSIDE" });
      assert.deepEqual((await readdir(top)).sort(), ["root", "secret"]);
      assert.equal(await readFile(join(top, "secret"), "utf8"), "outside");
    });
  }

  it(
    "gives up where no folder can be made",
    { skip: process.platform !== "linux" && "only Linux has /proc" },
    async () => {
      await assert.rejects(writeWithin({ root: undefined, path: "/proc/nowhere/deep/f", data: "x" }), {
        code: "PATH_MISSING",
      });
    },
  );

  it("makes no folder outside while the way is swapped for a link again and again", async (t) => {
    const { top, root } = await place(t);
    await mkdir(join(root, "way"));
    await mkdir(join(top, "outside"));
    let swapping = true;
    const swaps = (async () => {
      while (swapping) {
        await rename(join(root, "way"), join(root, "aside")).catch(() => {});
        await symlink(join(top, "outside"), join(root, "way")).catch(() => {});
        await rm(join(root, "way"), { force: true }).catch(() => {});
        await rename(join(root, "aside"), join(root, "way")).catch(() => {});
      }
    })();
    for (let i = 0; i < 200; i += 1) {
      await writeWithin({ root, path: join(root, "way", `new${i}`, "deep", "f"), data: "x" }).catch(() => {});
    }
    swapping = false;
    await swaps;
    assert.deepEqual(await readdir(join(top, "outside")), []);
  });

  it("refuses to replace a folder", async (t) => {
    const { root } = await place(t);
    await assert.rejects(writeWithin({ root, path: join(root, "dir"), data: "x" }), { code: "PATH_NOT_FILE" });
  });
});
