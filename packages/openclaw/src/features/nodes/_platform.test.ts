import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { isAllowed, platformOf, type Platform } from "./_platform.ts";
import { effective, requiredScopes } from "./_surface.ts";

const NO_RULES = { allowCommands: [], denyCommands: [] };

test("a machine is known by its platform and family", () => {
  const known: readonly (readonly [string, string | undefined, Platform])[] = [
    ["macos", "Mac", "macos"],
    [" MacOS ", undefined, "macos"],
    ["Mac OS 15", undefined, "macos"],
    ["darwin", undefined, "headless"],
    ["linux", undefined, "headless"],
    ["win32", undefined, "headless"],
    ["windows", undefined, "windows"],
    ["iOS 18.1", "iPhone", "ios"],
    ["ipados", undefined, "ios"],
    ["android", undefined, "android"],
    ["freebsd", undefined, "unknown"],
    ["linuxish", undefined, "unknown"],
    ["", undefined, "unknown"],
  ];
  for (const [platform, deviceFamily, expected] of known)
    assert.equal(platformOf({ platform, ...(deviceFamily === undefined ? {} : { deviceFamily }) }), expected, platform);
});

/** Platforms on which each command is allowed without configuration. */
const DEFAULTS: readonly (readonly [string, readonly string[]])[] = [
  ["canvas.present", ["macos", "windows", "ios", "android", "freebsd"]],
  ["canvas.a2ui.pushJSONL", ["macos", "windows", "ios", "android", "freebsd"]],
  ["camera.list", ["macos", "windows", "ios", "android", "freebsd"]],
  ["location.get", ["macos", "windows", "ios", "android", "freebsd"]],
  ["screen.snapshot", ["macos", "windows", "ios", "android"]],
  ["device.info", ["macos", "windows", "ios", "android"]],
  ["photos.latest", ["ios", "android"]],
  ["contacts.search", ["ios", "android"]],
  ["calendar.events", ["ios", "android"]],
  ["notifications.list", ["android"]],
  ["motion.activity", ["android"]],
  ["system.run", ["macos", "linux", "win32", "darwin"]],
  ["system.run.prepare", ["macos", "linux", "win32", "darwin"]],
  ["system.which", ["macos", "linux", "win32", "darwin"]],
  ["system.execApprovals.set", ["macos", "linux", "win32", "darwin"]],
  ["browser.proxy", ["linux", "win32", "darwin"]],
  ["camera.snap", []],
  ["camera.clip", []],
  ["screen.record", []],
  ["sms.send", []],
  ["sms.search", []],
  ["callLog.search", []],
  ["contacts.add", []],
  ["calendar.add", []],
  ["notifications.actions", []],
  ["zzz.cmd", []],
  ["canvasx.present", []],
];
const MACHINES = ["macos", "windows", "ios", "android", "linux", "win32", "darwin", "freebsd"];

for (const [command, platforms] of DEFAULTS)
  test(`${command} is allowed by default on ${platforms.join(", ") || "no platform"}`, () => {
    const allowed = MACHINES.filter((platform) => isAllowed(command, { platform }, NO_RULES));
    assert.deepEqual(
      allowed,
      MACHINES.filter((platform) => platforms.includes(platform)),
    );
  });

test("commands are widened by name, and a denied one is denied whatever else is said", () => {
  const machine = { platform: "ios" };
  assert.equal(isAllowed("camera.snap", machine, { allowCommands: ["camera.snap"], denyCommands: [] }), true);
  assert.equal(isAllowed("camera.snap", machine, { allowCommands: ["camera.*"], denyCommands: [] }), false);
  const both = { allowCommands: ["camera.snap", "canvas.hide"], denyCommands: ["camera.snap", "canvas.hide"] };
  assert.equal(isAllowed("camera.snap", machine, both), false);
  assert.equal(isAllowed("canvas.hide", machine, both), false);
  assert.equal(isAllowed("canvas.present", machine, both), true);
});

test("a machine of unknown kind never runs programs, not even when it is allowed to", () => {
  const rules = { allowCommands: ["system.run", "sms.send"], denyCommands: [] };
  assert.equal(isAllowed("system.run", { platform: "toaster" }, rules), false);
  assert.equal(isAllowed("sms.send", { platform: "toaster" }, rules), true);
  assert.equal(isAllowed("system.run", { platform: "linux" }, rules), true);
});

test("nothing is usable that was not declared, allowed and approved, all three", () => {
  const names = fc.array(fc.constantFrom(...DEFAULTS.map(([command]) => command)));
  fc.assert(
    fc.property(
      names,
      names,
      names,
      names,
      fc.constantFrom(...MACHINES),
      (declared, approved, allow, deny, platform) => {
        const machine = { platform };
        const rules = { allowCommands: allow, denyCommands: deny };
        const { commands } = effective(
          { caps: [], commands: declared },
          { caps: [], commands: approved },
          machine,
          rules,
        );
        for (const command of commands)
          assert.ok(declared.includes(command) && approved.includes(command) && isAllowed(command, machine, rules));
        assert.ok(commands.every((command) => !deny.includes(command)));
      },
    ),
  );
});

test("whoever approves must hold what the commands are worth", () => {
  const scopes = (...commands: string[]) => requiredScopes({ caps: [], commands });
  assert.deepEqual(scopes(), ["operator.pairing"]);
  assert.deepEqual(scopes("canvas.hide"), ["operator.pairing", "operator.write"]);
  for (const strong of [
    "system.run",
    "system.run.prepare",
    "system.which",
    "browser.proxy",
    "system.execApprovals.set",
    "fs.list",
  ])
    assert.deepEqual(scopes("canvas.hide", strong), ["operator.pairing", "operator.admin"], strong);
  assert.deepEqual(scopes("system.notify", "system.runner"), ["operator.pairing", "operator.write"]);
});
