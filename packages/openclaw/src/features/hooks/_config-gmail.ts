/** Keys of `hooks.gmail`. */
import { Type } from "../../contracts/schema.ts";
import { flag, maybeFlag, maybePart, maybeText, part, pick, port, text, whole } from "../../contracts/config-kinds.ts";

const PUBSUB_PATH = "/gmail-pubsub";

export const gmail = maybePart(
  {
    account: maybeText("Address of the mailbox; with it, and hooks enabled, the watcher runs"),
    topic: maybeText("Pub/Sub topic, `projects/<project>/topics/<name>`"),
    subscription: text("gog-gmail-watch-push", "Pub/Sub subscription"),
    label: text("INBOX", "Label whose mail is watched"),
    pushToken: maybeText("Secret that notifications must carry"),
    hookUrl: maybeText("Where the watcher hands mail over; absent means this gateway's hook"),
    includeBody: flag(true, "Hand over the text of a mail, not only its headers"),
    maxBytes: whole(20_000, "Longest text handed over", { minimum: 1 }),
    renewEveryMinutes: whole(720, "How often the watch is renewed", { minimum: 1 }),
    serve: part(
      {
        bind: text("127.0.0.1", "Address the watcher listens on"),
        port: port(8788, "Port the watcher listens on"),
        path: maybeText(`Path of notifications; absent means \`${PUBSUB_PATH}\`, or \`/\` behind Tailscale`),
      },
      "The watcher's listener",
    ),
    tailscale: part(
      {
        mode: pick(["off", "serve", "funnel"], "off", "Publish the listener through Tailscale"),
        path: text(PUBSUB_PATH, "Path that is published"),
        target: maybeText("What the path leads to; absent means the listener"),
      },
      "Tailscale in front of the listener",
    ),
    model: Type.Optional(
      Type.String({ minLength: 1, description: "Model that reads mail; absent means the session's" }),
    ),
    thinking: maybeText("How hard it thinks"),
    allowUnsafeExternalContent: maybeFlag("Treat mail as if the owner had written it"),
  },
  "New mail of a Gmail account",
);
