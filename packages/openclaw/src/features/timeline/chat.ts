import { defineChat } from "../../contracts/chat.ts";

export const chat = [
  defineChat({
    name: "export-trajectory",
    aliases: ["trajectory"],
    summary: "Write the conversation with everything that happened in it into a folder of the workspace",
    category: "session",
    level: "owner",
    slow: true,
    args: [{ name: "path", description: "Name of the folder" }],
    run: async (call) => (await import("./_trajectory.ts")).trajectoryCommand(call),
  }),
];
