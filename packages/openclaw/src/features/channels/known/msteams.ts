/** `channels.msteams`. */
import { commonChannelKeys, groupKeys } from "../../../contracts/channel-config.ts";
import { maybeMapOf, maybePick, maybePort, maybeText } from "../../../contracts/config-kinds.ts";
import { SecretText } from "../../../contracts/secret.ts";
import { Type, choice, closed } from "../../../contracts/schema.ts";
import { actionGates, flag, knownChannel, text } from "./_known.ts";

const STYLES = ["thread", "top-level"] as const;
const replyStyle = maybePick(STYLES, "Answer in the thread, or below all");
const hosts = (description: string) => Type.Array(Type.String(), { description });

const team = closed(
  groupKeys({
    replyStyle,
    channels: maybeMapOf(closed(groupKeys({ replyStyle })), "Channels by conversation id"),
  }),
);

const keys = {
  ...commonChannelKeys(groupKeys({})),
  appId: text("Id of the bot; else MSTEAMS_APP_ID"),
  appPassword: Type.Union([...SecretText.anyOf], { description: "Its secret; else MSTEAMS_APP_PASSWORD" }),
  tenantId: text("Tenant; else MSTEAMS_TENANT_ID"),
  authType: choice(["secret", "federated"], { description: "How the bot proves itself" }),
  certificatePath: text("Certificate, for `federated`"),
  certificateThumbprint: text("Its thumbprint"),
  useManagedIdentity: Type.Boolean({ description: "Use the identity of the machine, for `federated`" }),
  managedIdentityClientId: text("Which of its identities"),
  webhook: closed(
    { port: maybePort("Port of its own listener; default 3978"), path: maybeText("Path; default `/api/messages`") },
    { description: "Where messages come in" },
  ),
  requireMention: flag(true, "Answer in channels only when mentioned"),
  replyStyle: choice(STYLES, { description: "Answer in the thread, or below all" }),
  teams: Type.Record(Type.String(), team, { description: "Teams by id; also the list of teams allowed" }),
  mediaAllowHosts: hosts("Hosts that files may come from"),
  mediaAuthAllowHosts: hosts("Hosts that are shown the bot's token for it"),
  sharePointSiteId: text("Site that files for groups are put on"),
  actions: actionGates(["memberInfo"]),
};

export const msteamsSection = knownChannel({
  id: "msteams",
  summary: "Microsoft Teams: a bot in teams and chats.",
  keys,
  secrets: ["appPassword"],
});
