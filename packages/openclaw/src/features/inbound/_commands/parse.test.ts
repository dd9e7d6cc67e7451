import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import type { ChatCommand, Taken } from "../../../contracts/chat.ts";
import { abortWord } from "./abort.ts";
import { Catalog } from "./catalog.ts";
import { parseMessage, without } from "./parse.ts";
import type { Parsed } from "./parse.ts";

const command = (name: string, more: Partial<ChatCommand> = {}): ChatCommand => ({
  name,
  summary: "",
  category: "status",
  run: async () => undefined,
  ...more,
});
const directive = (name: string, takes: Taken, aliases: string[] = []) =>
  command(name, { aliases, directive: { takes, forTurn: async () => ({}) } });
const commands = [
  command("new", { aliases: ["reset"] }),
  command("whoami", { aliases: ["id"], inline: true }),
  command("status", { inline: true }),
  command("commands", { inline: true, takes: /^\d+(?=\s|$)/ }),
  command("export-session"),
  command("bash"),
  directive("think", ["low", "medium", "high", "off", "x high", "harder", "think harder"], ["t"]),
  directive("verbose", /^(?:on|off|full)(?=$|\s)/i, ["v"]),
  directive("model", /^[^\s/]\S*/),
  directive("exec", /^(?:(?:host|security|ask|node)=\S+\s*)+/),
];
const grammar = { catalog: new Catalog(commands), resetTriggers: ["/new", "/reset", "fresh start"] };

/** `command:rest`, `unknown:name:rest`, `/a x|/b => text`, or `text`. */
function shown(parsed: Parsed): string {
  switch (parsed.kind) {
    case "text":
      return "text";
    case "command":
      return `${parsed.command.name}:${parsed.rest}`;
    case "unknown":
      return `unknown:${parsed.name}:${parsed.rest}`;
    case "directives":
      return tokens(parsed.tokens);
    case "mixed":
      return `${tokens(parsed.tokens)} => ${without(parsed.text, parsed.tokens)}`;
  }
}

function tokens(all: readonly { command: ChatCommand; rest: string }[]): string {
  return all.map((one) => `/${one.command.name}${one.rest === "" ? "" : ` ${one.rest}`}`).join("|");
}

const TABLE: readonly (readonly [message: string, meaning: string])[] = [
  // Standalone.
  ["/status", "status:"],
  ["  /STATUS  ", "status:"],
  ["/status:", "status:"],
  ["/status@my_bot", "status:"],
  ["/id", "whoami:"],
  ["/new hello there", "new:hello there"],
  ["/new: hello", "new:hello"],
  ["/new@my_bot hello", "new:hello"],
  ["/new\nhello", "new:hello"],
  ["/export_session a.html", "export-session:a.html"],
  ["/export-session", "export-session:"],
  ["/commands 2", "commands:2"],
  ["fresh start now", "new:now"],
  ["Fresh Start", "new:"],
  ["fresh startle", "text"],
  // Nobody's.
  ["/unknown", "unknown:unknown:"],
  ["/gpt-5.2 hello", "unknown:gpt-5.2:hello"],
  ["/usr/bin/env", "text"],
  ["/statuses", "unknown:statuses:"],
  ["", "text"],
  ["/", "text"],
  ["// a comment", "text"],
  ["https://example.com/status", "text"],
  ["/status://x", "text"],
  ["see example.com/status here", "text"],
  ["a/status b", "text"],
  // Directives alone.
  ["/think high", "/think high"],
  ["/think:high", "/think high"],
  ["/think: high", "/think high"],
  ["/t high", "/think high"],
  ["/think", "/think"],
  ["/think high /verbose on", "/think high|/verbose on"],
  ["/think /verbose", "/think|/verbose"],
  ["/exec host=gateway ask=always", "/exec host=gateway ask=always"],
  ["/think x-high", "/think x-high"],
  ["/think Think_Harder", "/think Think_Harder"],
  // Directives with text.
  ["/think x high now", "/think x high => now"],
  ["/think highly of it", "think:highly"],
  ["/think high solve this", "/think high => solve this"],
  ["solve this /think high please", "/think high => solve this please"],
  ["solve\n/verbose on\nthis", "/verbose on => solve\nthis"],
  ["/think high /verbose on go", "/think high|/verbose on => go"],
  ["/exec host=gateway run ls", "/exec host=gateway => run ls"],
  ["/model openai/gpt-5 hi", "/model openai/gpt-5 => hi"],
  // An argument that is none belongs to it all the same where the message begins with it.
  ["/think bogus", "think:bogus"],
  ["/think bogus and more", "think:bogus"],
  // Talked about.
  ["what does /think do?", "text"],
  ["what does /verbose mean", "text"],
  // Shortcuts.
  ["hey /status", "/status => hey"],
  ["hey /status what is up", "/status => hey what is up"],
  ["/status hello", "/status => hello"],
  ["/commands 2 and go", "/commands 2 => and go"],
  ["/status /whoami", "/status|/whoami => "],
  // Code and quotes.
  ["run `x /status y` now", "text"],
  ["look\n```\n/status\n```\n", "text"],
  ["> /status\nwhat is that?", "text"],
  ["look\n```\n/status\n```\nand /status", "/status => look\n```\n/status\n```\nand"],
  // The shell is asked for elsewhere.
  ["!ls", "text"],
];
for (const [message, meaning] of TABLE)
  test(`${JSON.stringify(message)} means ${meaning}`, () =>
    assert.equal(shown(parseMessage(message, grammar)), meaning));

test("an exclamation mark stands for the shell where that is switched on", () => {
  const open = { ...grammar, bang: grammar.catalog.find("bash") };
  const table: readonly (readonly [string, string])[] = [
    ["!ls -l", "bash:ls -l"],
    ["! ls", "bash:ls"],
    ["!poll 3", "bash:poll 3"],
    ["!", "text"],
    ["!!", "text"],
    ["!= 3", "text"],
    ["wow!", "text"],
  ];
  for (const [message, meaning] of table) assert.equal(shown(parseMessage(message, open)), meaning, message);
});

test("text without a slash is left as it is", () => {
  fc.assert(
    fc.property(fc.string({ maxLength: 200 }), (message) => {
      fc.pre(!message.includes("/") && !/fresh start/i.test(message));
      assert.equal(parseMessage(message, grammar).kind, "text");
    }),
  );
});

test("no message is misread in a way that loses more than its tokens", () => {
  const word = fc.constantFrom(
    "/think",
    "/status",
    "high",
    "on",
    "x",
    "`",
    "```",
    "\n",
    "> ",
    "/verbose",
    ":",
    "/usr/x",
  );
  fc.assert(
    fc.property(fc.array(word, { maxLength: 12 }), (words) => {
      const message = words.join(" ").trim();
      const parsed = parseMessage(message, grammar);
      if (parsed.kind !== "mixed") return;
      const taken = parsed.tokens.map(({ start, end }) => message.slice(start, end)).join("");
      const kept = without(parsed.text, parsed.tokens);
      const bare = (text: string) => [...text.replace(/\s/g, "")].toSorted().join("");
      assert.equal(bare(taken + kept), bare(message));
    }),
  );
});

test("a long text is not searched to its end, and there is an end to shortcuts", () => {
  const long = parseMessage(`/think high ${"word ".repeat(10_000)}/verbose on`, grammar);
  assert.equal(long.kind === "mixed" && tokens(long.tokens), "/think high");
  const many = parseMessage("/status x ".repeat(500), grammar);
  assert.equal(many.kind === "mixed" && many.tokens.length, 20);
});

test("words that stop what runs stand alone", () => {
  const clear = ["stop", " STOP ", "Stop!", "stop.", "abort", "please stop", "stop, please", "Stop don’t do anything"];
  const french = ["arrêter", "arreter", "ARRÊTER", "arre\u0302ter", "abandonner"];
  for (const word of [...clear, ...french]) assert.equal(abortWord(word), "clear", word);
  for (const word of ["esc", "wait", "exit?", "interrupt", "attendre", "sortie", "@bot wait"])
    assert.equal(abortWord(word), "ambiguous", word);
  for (const text of ["stop it", "don't stop", "", "waiting", "/stop", "stop\nnot", "x".repeat(5000)])
    assert.equal(abortWord(text), undefined, text.slice(0, 20));
});
