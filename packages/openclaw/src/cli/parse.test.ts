import assert from "node:assert/strict";
import { test } from "node:test";
import type { CliCommand } from "../contracts/cli.ts";
import { readGlobals } from "./globals.ts";
import { parseCommand, type Parsed } from "./parse.ts";
import { buildTree, findCommand } from "./tree.ts";

const load = () => Promise.resolve({ run: async () => {} });
const commands: readonly CliCommand[] = [
  {
    name: "say",
    summary: "Say it",
    gateway: "none",
    args: [{ name: "text", summary: "Text", required: true }],
    options: [
      { flags: "-n, --times <n>", summary: "How often" },
      { flags: "--to <who>", summary: "Who", repeat: true },
      { flags: "--no-echo", summary: "Quietly" },
    ],
    load,
  },
  {
    name: "run",
    aliases: ["go"],
    summary: "Run",
    gateway: "none",
    options: [
      { flags: "--verbose <level>", summary: "How much" },
      { flags: "--mode <mode>", summary: "Mode", choices: ["a", "b"] },
    ],
    load,
  },
  { name: "run now", summary: "Run now", gateway: "none", json: true, examples: ["openclaw run now"], load },
  { name: "secretly", summary: "Hidden", hidden: true, gateway: "none", load },
];
const tree = buildTree(commands);

function parse(...argv: string[]): Parsed {
  const { flags, rest } = readGlobals(argv);
  const found = findCommand(tree, rest);
  assert.equal(found.unknown, undefined);
  return parseCommand(found.node, found.rest, flags);
}

function ran(...argv: string[]): Extract<Parsed, { kind: "run" }> {
  const parsed = parse(...argv);
  assert.equal(parsed.kind, "run");
  return parsed as Extract<Parsed, { kind: "run" }>;
}

test("arguments and options arrive by name", () => {
  const { command, args, options } = ran("say", "hello", "-n", "3", "--to", "a", "--to", "b", "--no-echo");
  assert.deepEqual(
    [command.name, args, options["times"], options["to"], options["echo"]],
    ["say", ["hello"], "3", ["a", "b"], false],
  );
});

test("global flags count before and after the command", () => {
  for (const argv of [
    ["--dev", "--log-level=debug", "--no-color", "run", "now"],
    ["run", "now", "--dev", "--log-level", "debug", "--no-color"],
  ]) {
    const { global } = ran(...argv);
    assert.deepEqual([global.dev, global.logLevel, global.color, global.json], [true, "debug", false, false]);
  }
});

test("a command's own flag of the same name is the command's", () => {
  const { global, options } = ran("run", "--verbose", "full");
  assert.deepEqual([global.verbose, options["verbose"]], [false, "full"]);
  assert.equal(ran("--verbose", "run").global.verbose, true);
});

test("an alias leads to the command, the longest words win", () => {
  assert.equal(ran("go").command.name, "run");
  assert.equal(ran("run", "now").command.name, "run now");
  assert.equal(ran("run").command.name, "run");
});

test("text behind -- is no flag", () => assert.deepEqual(ran("say", "--", "--times").args, ["--times"]));

const MISUSED: readonly (readonly [what: string, argv: readonly string[], code: string, remedy?: RegExp])[] = [
  ["an unknown flag, with the nearest one", ["say", "x", "--tims", "3"], "CLI_UNKNOWN_FLAG", /--times/],
  ["a missing argument", ["say"], "CLI_USAGE"],
  ["an argument too many", ["run", "now", "please"], "CLI_USAGE"],
  ["a flag without its value", ["say", "x", "--times"], "CLI_USAGE"],
  ["a value outside the choices", ["run", "--mode", "c"], "CLI_USAGE", /openclaw run --help/],
];

for (const [what, argv, code, remedy = /--help/] of MISUSED) {
  test(`misuse: ${what}`, () => assert.throws(() => parse(...argv), { code, remedy }));
}

test("a word that is no command is found out at any depth", () => {
  assert.equal(findCommand(tree, ["rum"]).unknown, "rum");
  assert.deepEqual(
    [findCommand(tree, ["run", "later"]).unknown, findCommand(tree, ["run", "later"]).node.name],
    ["later", "run"],
  );
});

test("every node explains itself, without its hidden parts", () => {
  for (const words of [["say"], ["run"], ["run", "now"]]) {
    const parsed = parse(...words, "--help");
    assert.ok(parsed.kind === "help" && parsed.text.includes(`Usage: openclaw ${words.join(" ")}`));
  }
  const group = parseCommand(tree, [], readGlobals(["--help"]).flags);
  assert.ok(group.kind === "help" && group.text.includes("say") && !group.text.includes("secretly"));
});

test("examples are part of help, asked for either way", () => {
  const { node } = findCommand(tree, ["run", "now"]);
  for (const parsed of [
    parse("run", "now", "--help"),
    parseCommand(node, [], { ...readGlobals([]).flags, help: true }),
  ])
    assert.ok(parsed.kind === "help" && parsed.text.includes("Examples:"));
});

test("--version behind a command asks for the version", () => assert.equal(parse("run", "--version").kind, "version"));

test("a flag before the command that nobody knows is a problem, and so is one without its value", () => {
  assert.deepEqual(readGlobals(["--foo", "run"]).problem, { flag: "--foo", kind: "unknown" });
  assert.deepEqual(readGlobals(["--profile"]).problem, { flag: "--profile", kind: "value" });
});
