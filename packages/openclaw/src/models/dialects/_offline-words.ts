/** What the built-in model says. */

const ABILITIES: readonly { readonly needs: readonly string[]; readonly example: string }[] = [
  { needs: ["exec"], example: "list files" },
  { needs: ["read"], example: "read AGENTS.md" },
  { needs: ["exec"], example: "run uname -a" },
  { needs: [], example: "what time is it?" },
  { needs: ["read", "write"], example: "remember that the bins go out on Thursday" },
];

const CONNECT = [
  "**To connect a real model**, do one of these and start the gateway again with `npm start` or `openclaw start`:",
  "",
  "- set `ANTHROPIC_API_KEY`, `OPENAI_API_KEY`, `OPENROUTER_API_KEY` or `GEMINI_API_KEY`",
  "- start Ollama or LM Studio on this machine",
  "- choose one yourself: `openclaw config set agents.defaults.model.primary anthropic/claude-sonnet-4-5`",
].join("\n");

export function greeting(tools: ReadonlySet<string>): string {
  return `Hello! I am the offline assistant that is built into OpenClaw; no real model is connected yet.\n\n${tryThese(tools)}\n\n${CONNECT}`;
}

export function whoIAm(tools: ReadonlySet<string>): string {
  return `That is beyond me: I am the offline assistant that is built into OpenClaw. I use no network and understand only a few plain requests.\n\n${tryThese(tools)}\n\n${CONNECT}`;
}

function tryThese(tools: ReadonlySet<string>): string {
  const possible = ABILITIES.filter(({ needs }) => needs.every((name) => tools.has(name)));
  return ["Try one of these:", "", ...possible.map(({ example }) => `- \`${example}\``)].join("\n");
}

export function noTool(name: string): string {
  return `For that I need the tool \`${name}\`, and I was not given it here. \`tools.profile\`, \`tools.allow\` and \`tools.deny\` in the configuration decide which tools there are.`;
}

export function failed(what: string): string {
  return `That did not work:\n\n${quoted(what)}`;
}

/** As a code block whose fence the text cannot close. */
export function quoted(text: string): string {
  if (text.trim() === "") return "_(nothing)_";
  const longest = Math.max(2, ...(text.match(/`{3,}/g) ?? []).map((fence) => fence.length));
  const fence = "`".repeat(longest + 1);
  return `${fence}\n${text}\n${fence}`;
}
