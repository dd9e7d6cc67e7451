import assert from "node:assert/strict";
import { test } from "node:test";
import { grouped, type Skill } from "./skills.ts";

const NONE = { os: [], bins: [], anyBins: [], env: [], config: [] };

function skill(name: string, more: Partial<Skill> = {}): Skill {
  return {
    name,
    description: `About ${name}`,
    source: "openclaw-bundled",
    filePath: "/s",
    skillKey: name,
    disabled: false,
    blockedByAllowlist: false,
    eligible: true,
    missing: NONE,
    install: [],
    ...more,
  };
}

const names = (skills: readonly Skill[], query = "") =>
  grouped(skills, query).map(([group, list]) => [group, list.map(({ name }) => name)]);

test("skills stand in groups by what keeps them from being used, each by name", () => {
  const all = [
    skill("video", { eligible: false, missing: { ...NONE, bins: ["ffmpeg"] } }),
    skill("weather"),
    skill("tmux", { eligible: false, blockedByAllowlist: true }),
    skill("notes", { eligible: false, disabled: true, missing: { ...NONE, bins: ["x"] } }),
    skill("data"),
  ];
  assert.deepEqual(names(all), [
    ["ready", ["data", "weather"]],
    ["missing", ["video"]],
    ["off", ["notes", "tmux"]],
  ]);
});

test("every word of a search must be found, in name or description", () => {
  const all = [skill("weather", { description: "Rain and sun" }), skill("data")];
  assert.deepEqual(names(all, "  RAIN wea "), [["ready", ["weather"]]]);
  assert.deepEqual(names(all, "rain snow"), []);
});
