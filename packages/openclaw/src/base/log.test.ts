import assert from "node:assert/strict";
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { logFolder, openLogFile } from "./log-file.ts";
import { createLog } from "./log.ts";
import { systemClock } from "./time.ts";

const root = mkdtempSync(join(tmpdir(), "openclaw-log-"));
after(() => rmSync(root, { recursive: true }));

let folders = 0;
function folder(): string {
  folders += 1;
  const path = join(root, String(folders));
  mkdirSync(path);
  return path;
}

function logTo(lines: string[], style: "pretty" | "compact" | "json" = "pretty") {
  return createLog({
    level: "silent",
    consoleLevel: "info",
    consoleStyle: style,
    write: (line) => void lines.push(line),
    clock: systemClock,
  });
}

test("the file gets JSON lines with time, level, subsystem, message and data", async () => {
  const file = openLogFile({ state: root, temp: folder(), maxFileBytes: 1e6, clock: systemClock });
  const log = createLog({
    file,
    level: "info",
    consoleLevel: "silent",
    consoleStyle: "pretty",
    write: assert.fail,
    clock: systemClock,
  });
  log.for("telegram").warn("slow answer", { ms: 1200, message: "mine" });
  log.debug("not written");
  await file.close();
  const [line, ...rest] = readFileSync(file.path, "utf8").trimEnd().split("\n");
  assert.deepEqual(rest, []);
  const { time, ...record } = JSON.parse(line!) as Record<string, unknown>;
  assert.match(String(time), /^\d{4}-.*Z$/);
  assert.deepEqual(record, {
    level: "warn",
    subsystem: "telegram",
    message: "slow answer",
    ms: 1200,
    "data.message": "mine",
  });
  assert.match(file.path, /openclaw-\d{4}-\d\d-\d\d\.log$/);
  assert.equal(statSync(file.path).mode & 0o777, 0o600);
});

test("the console gets one readable line with time and subsystem", () => {
  const lines: string[] = [];
  logTo(lines).for("gateway").info("listening", { port: 18789, note: "two words" });
  assert.match(lines[0]!, /^\d\d:\d\d:\d\d \[gateway\] listening port=18789 note="two words"$/);
});

test("secrets are masked in message and data, on the console and in the file", async () => {
  const lines: string[] = [];
  const file = openLogFile({ file: join(folder(), "fixed.log"), state: root, maxFileBytes: 1e6, clock: systemClock });
  const log = createLog({
    file,
    level: "trace",
    consoleLevel: "trace",
    consoleStyle: "pretty",
    write: (line) => void lines.push(line),
    clock: systemClock,
  });
  log.info("open http://h/#token=abcdefghijklmnopqrstuvwxyz", {
    deep: [{ authorization: "Bearer abcdefghijklmnopqrstuvwxyz" }],
  });
  await file.close();
  assert.ok(!lines.join().includes("ghijklmnop"));
  assert.ok(!readFileSync(file.path, "utf8").includes("ghijklmnop"));
});

test("control characters of others cannot forge lines or colours", () => {
  const lines: string[] = [];
  logTo(lines, "compact").info("name \u001b[31mred\r\n12:00:00 [gateway] forged");
  assert.equal(lines[0], "[gateway] name \\x1b[31mred\\x0d\n  12:00:00 [gateway] forged");
});

test("a hundred thousand lines in one turn are bounded, and the loss is told", async () => {
  const file = openLogFile({ file: join(folder(), "flood.log"), state: root, maxFileBytes: 1e9, clock: systemClock });
  for (let n = 0; n < 100_000; n += 1) file.append("x".repeat(100));
  await file.close();
  assert.ok(statSync(file.path).size < 5e6);
  assert.match(
    readFileSync(file.path, "utf8").trimEnd().split("\n").at(-1)!,
    /58057 lines were dropped|lines were dropped/,
  );
});

test("a file over its size is rotated, and five archives are kept", async () => {
  const file = openLogFile({ file: join(folder(), "r.log"), state: root, maxFileBytes: 10, clock: systemClock });
  for (let n = 1; n <= 8; n += 1) {
    file.append(`line ${n} of the log`);
    await file.flush();
  }
  assert.ok(!existsSync(file.path));
  assert.equal(readFileSync(`${file.path}.1`, "utf8"), "line 8 of the log\n");
  assert.equal(readFileSync(`${file.path}.5`, "utf8"), "line 4 of the log\n");
  assert.ok(!existsSync(`${file.path}.6`));
});

test("dated files older than a day are removed, others are not", async () => {
  const temp = folder();
  const dir = join(temp, "openclaw");
  mkdirSync(dir, { mode: 0o700 });
  for (const name of ["openclaw-2020-01-01.log", "openclaw-2020-01-01.log.2", "notes.txt"]) {
    writeFileSync(join(dir, name), "old");
    utimesSync(join(dir, name), 1, 1);
  }
  const file = openLogFile({ state: join(root, ".openclaw"), temp, maxFileBytes: 1e6, clock: systemClock });
  file.append("x");
  await file.close();
  assert.deepEqual(
    readdirSync(dir).filter((name) => name !== file.path.split("/").at(-1)),
    ["notes.txt"],
  );
});

test("a link in the temporary folder is not followed: logs go to the state directory", () => {
  const temp = folder();
  const elsewhere = folder();
  symlinkSync(elsewhere, join(temp, "openclaw"));
  assert.equal(logFolder(temp, "/home/.openclaw"), "/home/.openclaw/logs");
});

test("a folder of ours that others can enter is closed to them and used", () => {
  const temp = folder();
  mkdirSync(join(temp, "openclaw"));
  chmodSync(join(temp, "openclaw"), 0o777);
  assert.equal(logFolder(temp, "/home/.openclaw"), join(temp, "openclaw"));
  assert.equal(statSync(join(temp, "openclaw")).mode & 0o777, 0o700);
});

test("what waits can be written at once when the process exits", () => {
  const file = openLogFile({ file: join(folder(), "exit.log"), state: root, maxFileBytes: 1e6, clock: systemClock });
  file.append("last words");
  file.flushNow();
  assert.equal(readFileSync(file.path, "utf8"), "last words\n");
});

test("a log that cannot be written stops nothing", async () => {
  const file = openLogFile({
    file: join(root, "no", "\0", "x.log"),
    state: root,
    maxFileBytes: 1e6,
    clock: systemClock,
  });
  file.append("x");
  await file.close();
});

test("a state directory of another name keeps its log inside, so that installations do not mix", () => {
  assert.equal(logFolder(folder(), "/srv/second"), "/srv/second/logs");
  assert.equal(logFolder(folder(), "/home/.openclaw-work"), "/home/.openclaw-work/logs");
});
