/** Finding a gateway: status, probe, a taken port, another machine through SSH. */
import assert from "node:assert/strict";
import { spawn, spawnSync } from "node:child_process";
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import { test, type TestContext } from "node:test";
import { freePort } from "../harness/gateway.ts";
import { makeHome } from "./_run.ts";

test("gateway status says what is configured, what runs and what answers", async (t) => {
  const home = await makeHome(t);
  const before = await home.run("gateway", "status");
  assert.equal(before.code, 0);
  assert.match(before.stdout, /Config \(cli\): .*openclaw\.json \(missing\)/);
  assert.match(before.stdout, /Runtime: stopped/);
  assert.match(before.stdout, /Connectivity probe: failed/);
  assert.equal((await home.run("gateway", "status", "--require-rpc")).code, 1);

  const gateway = home.start("start");
  await gateway.printed("Ctrl-C");
  const after = await home.run("gateway", "status");
  assert.equal(after.code, 0);
  assert.match(after.stdout, new RegExp(`Gateway: bind=loopback \\(127\\.0\\.0\\.1\\), port=${home.port}`));
  assert.match(after.stdout, /Runtime: running \(pid \d+, in the foreground\)/);
  assert.match(after.stdout, /Connectivity probe: ok\nRPC probe: ok\nCapability: admin-capable/);
  if (process.platform === "linux")
    assert.match(after.stdout, new RegExp(`Listening: 127\\.0\\.0\\.1:${home.port} \\(pid \\d+\\)`));
  assert.equal((await home.run("gateway", "status", "--require-rpc")).code, 0);
  assert.doesNotMatch((await home.run("gateway", "status", "--no-probe")).stdout, /probe: /);

  const wrong = await home.run(
    "gateway",
    "status",
    "--json",
    "--url",
    `ws://127.0.0.1:${home.port}`,
    "--token",
    "wrong",
  );
  const { rpc, port } = JSON.parse(wrong.stdout);
  assert.deepEqual([rpc.ok, rpc.code], [false, "AUTH_TOKEN_MISMATCH"]);
  assert.match(rpc.authWarning, /unauthorized/);
  assert.equal(port.status, "busy");
  assert.doesNotMatch(wrong.stdout, new RegExp(JSON.parse(readFileSync(home.config, "utf8")).gateway.auth.token));
});

test("gateway status names the program that holds the port", async (t) => {
  const home = await makeHome(t);
  const other = createServer().listen(home.port, "127.0.0.1");
  t.after(() => other.close());
  const { stdout } = await home.run("gateway", "status", "--deep", "--timeout", "500");
  assert.match(stdout, /belongs to another program/);
});

test("gateway probe looks at the address given and at this machine, and fails only when none answers", async (t) => {
  const home = await makeHome(t);
  const nobody = await home.run("gateway", "probe", "--timeout", "1000");
  assert.equal(nobody.code, 1);
  assert.match(nobody.stdout, /Reachable: no/);
  const gateway = home.start("start");
  await gateway.printed("Ctrl-C");
  const elsewhere = `ws://127.0.0.1:${await freePort()}`;
  const both = await home.run("gateway", "probe", "--json", "--url", elsewhere, "--token", "x", "--timeout", "1000");
  assert.equal(both.code, 0);
  const { ok, primaryTargetId, capability, targets } = JSON.parse(both.stdout);
  assert.deepEqual([ok, primaryTargetId, capability], [true, "local", "admin_capable"]);
  assert.deepEqual(
    targets.map((each: { id: string; connect: { ok: boolean } }) => [each.id, each.connect.ok]),
    [
      ["explicit", false],
      ["local", true],
    ],
  );
});

test("--force ends whoever holds the port and says whom", async (t) => {
  const home = await makeHome(t);
  assert.equal((await home.run("setup", "--non-interactive")).code, 0);
  const holder = spawn(process.execPath, ["-e", `require("net").createServer().listen(${home.port}, "127.0.0.1")`]);
  t.after(() => holder.kill("SIGKILL"));
  await until(async () => /busy/.test((await home.run("gateway", "status", "--json", "--no-probe")).stdout));
  const refused = await home.run("gateway", "run");
  assert.equal(refused.code, 1);
  const gateway = home.start("gateway", "run", "--force");
  assert.match(await gateway.printed("listening on"), new RegExp(`Ending process ${holder.pid}`));
});

test("a gateway on another machine is reached through SSH, and the tunnel ends with the command", async (t) => {
  const ssh = startSshServer(t);
  if (ssh === undefined) return t.skip("there is no sshd here (Debian: openssh-server)");
  const far = await makeHome(t);
  const gateway = far.start("start");
  await gateway.printed("Ctrl-C");
  const { token } = JSON.parse(readFileSync(far.config, "utf8")).gateway.auth;

  const near = await makeHome(t);
  mkdirSync(near.state, { mode: 0o700 });
  const remote = {
    url: `ws://gateway.example:${far.port}`,
    token,
    transport: "ssh",
    sshTarget: `${ssh.user}@127.0.0.1:${await ssh.port}`,
    sshIdentity: ssh.identity,
  };
  writeFileSync(near.config, JSON.stringify({ gateway: { mode: "remote", remote } }), { mode: 0o600 });
  const env = { PATH: `${ssh.bin}:${process.env["PATH"] ?? ""}`, OPENCLAW_GATEWAY_PORT: "" };
  const health = await near.runWith({ env }, "health", "--json");
  assert.equal(health.code, 0, health.stderr);
  assert.equal(JSON.parse(health.stdout).ok, true);
  const answer = await near.runWith({ env }, "agent", "-m", "hello");
  assert.equal(answer.code, 0, answer.stderr);
  const probe = JSON.parse((await near.runWith({ env }, "gateway", "probe", "--ssh-auto", "--json")).stdout);
  assert.deepEqual([probe.ok, probe.primaryTargetId], [true, "ssh"]);
  const broken = await near.runWith({ env }, "gateway", "probe", "--ssh", "nobody@127.0.0.1:1");
  assert.match(broken.stderr, /SSH tunnel failed to start; falling back to direct probes/);
  assert.equal(spawnSync("pgrep", ["-f", `127.0.0.1:${far.port} -p`]).status, 1);

  const direct = { gateway: { mode: "remote", remote: { ...remote, transport: "direct" } } };
  writeFileSync(near.config, JSON.stringify(direct), { mode: 0o600 });
  const refused = await near.runWith({ env }, "health");
  assert.equal(refused.code, 1);
  assert.match(refused.stderr, /would send the credential unencrypted/);
});

interface SshServer {
  readonly user: string;
  readonly port: Promise<number>;
  readonly identity: string;
  /** Folder with an `ssh` that knows this server's key. */
  readonly bin: string;
}

/** A real sshd with keys of its own, as root or as this user. */
function startSshServer(t: TestContext): SshServer | undefined {
  const sshd = "/usr/sbin/sshd";
  if (!existsSync(sshd)) return undefined;
  const root = mkdtempSync("/tmp/openclaw-ssh-");
  chmodSync(root, 0o755);
  const at = (name: string) => join(root, name);
  for (const name of ["host", "user"]) spawnSync("ssh-keygen", ["-q", "-t", "ed25519", "-N", "", "-f", at(name)]);
  if (process.getuid?.() === 0) mkdirSync("/run/sshd", { recursive: true });
  const { USER: name } = process.env;
  const user = process.getuid?.() === 0 ? "root" : (name ?? "root");
  let child: ReturnType<typeof spawn> | undefined;
  const port = freePort().then(async (free) => {
    const lines = [
      `Port ${free}`,
      "ListenAddress 127.0.0.1",
      `HostKey ${at("host")}`,
      `AuthorizedKeysFile ${at("user.pub")}`,
      "PasswordAuthentication no",
      "StrictModes no",
      "PermitRootLogin yes",
      "UsePAM no",
      `PidFile ${at("pid")}`,
    ];
    writeFileSync(at("sshd_config"), `${lines.join("\n")}\n`);
    writeFileSync(at("known"), `[127.0.0.1]:${free} ${readFileSync(at("host.pub"), "utf8")}`);
    child = spawn(sshd, ["-D", "-e", "-f", at("sshd_config")], { stdio: "ignore" });
    await new Promise((resolve) => setTimeout(resolve, 300));
    return free;
  });
  mkdirSync(at("bin"));
  writeFileSync(at("bin/ssh"), `#!/bin/sh\nexec /usr/bin/ssh -o UserKnownHostsFile=${at("known")} "$@"\n`, {
    mode: 0o755,
  });
  t.after(() => {
    child?.kill("SIGTERM");
    rmSync(root, { recursive: true, force: true });
  });
  return { user, port, identity: at("user"), bin: at("bin") };
}

async function until(ready: () => Promise<boolean>): Promise<void> {
  for (let i = 0; i < 40; i += 1) if (await ready()) return;
  assert.fail("did not happen");
}
