import { test } from "node:test";
import assert from "node:assert/strict";
import type { ChatCommand } from "../../contracts/chat.ts";
import { isStop, parseCommand } from "./interpret.ts";

const command = (name: string, aliases: string[] = []): ChatCommand => ({
  name,
  aliases,
  summary: "",
  category: "status",
  run: async () => undefined,
});
const commands = [command("new", ["reset"]), command("status"), command("whoami", ["id"])];
const triggers = ["/new", "/reset", "fresh start"];
const parse = (text: string) => {
  const found = parseCommand(text, commands, triggers);
  return found && [found.command.name, found.rest];
};

const table: readonly [string, readonly string[] | undefined][] = [
  ["/status", ["status", ""]],
  ["  /STATUS  ", ["status", ""]],
  ["/status@my_bot", ["status", ""]],
  ["/id", ["whoami", ""]],
  ["/new hello there", ["new", "hello there"]],
  ["/new: hello", ["new", "hello"]],
  ["fresh start now", ["new", "now"]],
  ["/usr/bin/env", undefined],
  ["/unknown", undefined],
  ["what does /status do?", undefined],
  ["", undefined],
];
for (const [text, expected] of table)
  test(`${JSON.stringify(text)} is ${expected ? `the command ${expected[0]}` : "no command"}`, () =>
    assert.deepEqual(parse(text), expected));

test("a message is a stop only when it is nothing else", () => {
  for (const word of ["stop", " STOP ", "abort", "esc", "wait", "exit", "interrupt", "/stop"])
    assert.equal(isStop(word), true, word);
  for (const text of ["stop it", "don't stop", "", "waiting"]) assert.equal(isStop(text), false, text);
});
