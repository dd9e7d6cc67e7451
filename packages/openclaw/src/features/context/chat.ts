/** `/compact`. */
import { defineChat } from "../../contracts/chat.ts";

export const chat = [
  defineChat({
    name: "compact",
    summary: "Summarise the conversation so far to make room",
    category: "session",
    slow: true,
    args: [{ name: "instructions", description: "What the summary should keep in view", captureRemaining: true }],
    run: async (call) => (await import("./_compact-command.ts")).compactCommand(call),
  }),
];
