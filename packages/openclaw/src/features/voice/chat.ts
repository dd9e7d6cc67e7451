/** `/tts`. */
import { defineChat } from "../../contracts/chat.ts";

export const chat = [
  defineChat({
    name: "tts",
    aliases: ["voice"],
    // Discord keeps the name for itself.
    native: { discord: "voice" },
    summary: "Say whether and how answers are spoken",
    category: "media",
    level: "owner",
    args: [
      {
        name: "action",
        description: "What to do",
        choices: [
          "status",
          "off",
          "always",
          "inbound",
          "tagged",
          "provider",
          "limit",
          "summary",
          "persona",
          "audio",
          "latest",
          "chat",
          "help",
        ],
      },
      { name: "value", description: "Provider, number of characters, on or off, or the text", captureRemaining: true },
    ],
    run: async (call) => (await import("./_tts-command.ts")).ttsCommand(call),
  }),
];
