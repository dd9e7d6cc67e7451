import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { fileURLToPath } from "node:url";

const CHILD = fileURLToPath(new URL("./crash-child.fixture.ts", import.meta.url));
/** Kills in each of so many state directories, which are worked on side by side. */
const KILLS = 32;
const DIRECTORIES = ["a", "b"];

const root = mkdtempSync(join(tmpdir(), "openclaw-crash-"));
after(() => rmSync(root, { recursive: true }));

interface Kill {
  readonly since: "start" | "ready";
  readonly ms: number;
}

/** Runs the child in a folder until it is killed, or until it ends by itself. */
function run(folder: string, name: string, kill?: Kill): Promise<number | null> {
  return new Promise((resolve, reject) => {
    const args = ["--conditions=openclaw-source", CHILD, folder, name, kill ? "work" : "finish"];
    const child = spawn(process.execPath, args, { stdio: ["ignore", "pipe", "pipe"] });
    let errors = "";
    const killSoon = () => setTimeout(() => child.kill("SIGKILL"), kill?.ms);
    if (kill?.since === "start") killSoon();
    child.stdout.once("data", () => void (kill?.since === "ready" && killSoon()));
    child.stderr.on("data", (chunk) => (errors += chunk));
    child.once("close", (code, signal) =>
      code === 0 || signal === "SIGKILL" ? resolve(code) : reject(new Error(errors)),
    );
  });
}

/** Every sixth dies while it starts, the others at any point of their work. */
function killOf(n: number): Kill {
  return n % 6 === 5 ? { since: "start", ms: 40 + Math.random() * 120 } : { since: "ready", ms: Math.random() * 60 };
}

function linesOf(path: string): [string, string][] {
  if (!existsSync(path)) return [];
  return readFileSync(path, "utf8")
    .trimEnd()
    .split("\n")
    .map((line) => line.split(" ") as [string, string]);
}

test("a gateway killed at any point loses no message, runs no turn twice and loses or silently repeats no reply", async () => {
  await Promise.all(
    DIRECTORIES.map(async (name) => {
      const folder = join(root, name);
      mkdirSync(folder);
      for (let n = 0; n < KILLS; n += 1) await run(folder, `r${n}`, killOf(n));
      assert.equal(await run(folder, "last"), 0);
      const promises = linesOf(join(folder, "promises.log"));
      checkTurns(promises);
      checkReplies(promises, linesOf(join(folder, "platform.log")));
    }),
  );
});

function checkTurns(promises: readonly [string, string][]): void {
  const finished = new Set<string>();
  for (const [what, id] of promises) {
    assert.ok(
      !((what === "begun" || what === "finished") && finished.has(id)),
      `the turn of ${id} was run again after it had finished`,
    );
    if (what === "finished") finished.add(id);
  }
}

function checkReplies(promises: readonly [string, string][], received: readonly [string, string][]): void {
  const seen = new Set<string>();
  for (const [key, mark] of received) {
    assert.ok(mark === "maybe-repeated" || !seen.has(key), `${key} was repeated without a mark`);
    assert.ok(!key.endsWith(":2") || seen.has(key.replace(/2$/, "1")), `${key} came before its first part`);
    seen.add(key);
  }
  const accepted = promises.filter(([what]) => what === "accepted").map(([, id]) => id);
  assert.ok(accepted.length > KILLS, `only ${accepted.length} messages were taken in`);
  for (const id of accepted)
    assert.ok(seen.has(`${id}:1`) && seen.has(`${id}:2`), `${id} was accepted but not answered`);
}
