/** What the scripted assistant does for each message of the tests. */
import type { Act } from "../fakes/gateway-chat.ts";

const words = (count: number) => Array.from({ length: count }, (_, at) => `word${at + 1}`).join(" ");
const WORDS = words(120);

const MARKDOWN = `Here is what I found.

## Two ways to do it

1. Ask the **gateway** with \`openclaw status\`.
2. Read the log:
   - it is in the state directory,
   - one line per event.

\`\`\`ts
export function greet(name: string): string {
  return \`Hello, \${name}!\`;
}
\`\`\`

| Channel | State | Messages |
|---|---|---:|
| Telegram | connected | 128 |
| Web chat | connected | 42 |

> A quotation stands apart.

More is in [the documentation](https://example.com/docs). <b>Raw HTML</b> stays text.`;

const TODAY = `Ticked off. Two things are left for today:

1. **Renew the domain.** It runs out on Friday; one command does it:

\`\`\`sh
registrar renew harbour-notes.example --years 2
\`\`\`

2. **Water the tomatoes.** After six in the evening, it is too hot before.

Shall I remind you at half past five?`;

const SCENES: Readonly<Record<string, readonly Act[]>> = {
  "tell me slowly": [{ say: WORDS, wordMs: 60 }],
  "tell me at length": [{ say: words(1000), wordMs: 60 }],
  "tell me quickly": [{ say: WORDS, wordMs: 8 }],
  "show me markdown": [{ say: MARKDOWN, wordMs: 4 }],
  "use a tool": [
    { say: "I will look at the kernel." },
    { tool: "exec", args: { command: "uname -s" }, output: "Linux\n", ms: 120 },
    { say: "It is **Linux**." },
  ],
  "use a slow tool": [{ tool: "exec", args: { command: "sleep 30" }, output: "", ms: 30_000 }],
  "use a bad tool": [
    { tool: "read", args: { path: "missing.txt" }, output: "There is no file missing.txt.", failed: true },
    { say: "The file is not there." },
  ],
  "think about it": [{ think: "The owner wants a number.\nForty-two will do." }, { say: "Forty-two." }],
  "For today: call the boatyard, renew the domain, water the tomatoes.": [
    {
      tool: "write",
      args: {
        path: "notes/today.md",
        content: "- [ ] Call the boatyard\n- [ ] Renew the domain\n- [ ] Water the tomatoes\n",
      },
      output: "",
    },
    { say: "Noted in `notes/today.md`, three things. I will bring them up when you ask." },
  ],
  "I called the boatyard. What is left?": [
    { think: "The list is in notes/today.md. I tick off the first line, then read what remains." },
    { tool: "edit", args: { path: "notes/today.md", oldText: "- [ ] Call", newText: "- [x] Call" }, output: "" },
    { tool: "read", args: { path: "notes/today.md" }, output: "" },
    { say: TODAY },
  ],
  "ask a helper": [
    {
      tool: "sessions_spawn",
      args: { task: "Look into oak, slowly.", label: "Oak research" },
      output: "",
    },
    { say: "A helper looks into it." },
  ],
  "Look into oak, slowly.": [{ say: WORDS, wordMs: 40 }],
  "fail please": [{ fail: "The model server does not answer. Start it, then try again." }],
};

export function scene(message: string): readonly Act[] {
  return SCENES[message] ?? [{ say: `You said: ${message}` }];
}

/** The scene whose message stands in `text`, however it is wrapped. */
export function sceneIn(text: string): string | undefined {
  return Object.keys(SCENES).find((message) => text.includes(message));
}
