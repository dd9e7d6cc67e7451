import assert from "node:assert/strict";
import { test } from "node:test";
import { commandIn, suggestionsFor } from "./slash.ts";
import type { SlashCommand } from "./slash.ts";

const choices = (...all: string[]) => all.map((value) => ({ value, label: value }));
const commands: readonly SlashCommand[] = [
  { name: "status", textAliases: ["/status"], description: "How it is" },
  { name: "stop", textAliases: ["/stop"], description: "Stop" },
  {
    name: "think",
    textAliases: ["/think", "/thinking", "/t"],
    description: "How hard",
    args: [{ name: "level", description: "", choices: choices("off", "low", "high") }],
  },
  { name: "export-session", textAliases: ["/export-session", "/export"], description: "Write a page", args: [] },
];
const offered = (text: string) => suggestionsFor(text, commands).map(({ insert }) => insert);

test("a slash offers commands, those that begin like it first", () => {
  assert.deepEqual(offered("/"), ["/export-session", "/status", "/stop", "/think "]);
  assert.deepEqual(offered("/st"), ["/status", "/stop"]);
  assert.deepEqual(offered("/thinking"), ["/think "]);
  assert.deepEqual(offered("/sess"), ["/export-session"]);
  assert.deepEqual(offered("/zzz"), []);
});

test("after a command its choices are offered", () => {
  assert.deepEqual(offered("/think "), ["/think off", "/think low", "/think high"]);
  assert.deepEqual(offered("/t h"), ["/t high"]);
  assert.deepEqual(offered("/think high"), []);
  assert.deepEqual(offered("/think high now"), []);
  assert.deepEqual(offered("/status "), []);
});

test("other texts are left alone", () => {
  for (const text of ["", "hello /st", "/st\nmore", "stop"]) assert.deepEqual(offered(text), [], text);
});

test("a command is known by every spelling", () => {
  assert.equal(commandIn("/EXPORT_session a.html", commands)?.name, "export-session");
  assert.equal(commandIn("/t: high", commands)?.name, "think");
  assert.equal(commandIn("/usr/bin", commands), undefined);
  assert.equal(commandIn("hello", commands), undefined);
});
