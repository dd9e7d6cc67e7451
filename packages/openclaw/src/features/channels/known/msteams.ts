/** `channels.msteams`. */
import { commonChannelKeys, groupKeys } from "../../../contracts/channel-config.ts";
import { defineChannelConfig } from "../../../contracts/channel-section.ts";
import {
  flag,
  maybeFlag,
  maybeMapOf,
  maybePick,
  maybePort,
  maybeSecret,
  maybeText,
} from "../../../contracts/config-kinds.ts";
import { Type, closed } from "../../../contracts/schema.ts";
import { actionGates } from "./_known.ts";

const STYLES = ["thread", "top-level"] as const;
const replyStyle = maybePick(STYLES, "Answer in the thread, or below all");
const hosts = (description: string) => Type.Array(Type.String(), { description });

const team = () =>
  closed(
    groupKeys({
      replyStyle,
      channels: maybeMapOf(closed(groupKeys({ replyStyle })), "Channels by conversation id"),
    }),
  );

const keys = () => ({
  ...commonChannelKeys(groupKeys({})),
  appId: maybeText("Id of the bot; else MSTEAMS_APP_ID"),
  appPassword: maybeSecret("Its secret; else MSTEAMS_APP_PASSWORD"),
  tenantId: maybeText("Tenant; else MSTEAMS_TENANT_ID"),
  authType: maybePick(["secret", "federated"], "How the bot proves itself"),
  certificatePath: maybeText("Certificate, for `federated`"),
  certificateThumbprint: maybeText("Its thumbprint"),
  useManagedIdentity: maybeFlag("Use the identity of the machine, for `federated`"),
  managedIdentityClientId: maybeText("Which of its identities"),
  webhook: closed(
    { port: maybePort("Port of its own listener; default 3978"), path: maybeText("Path; default `/api/messages`") },
    { description: "Where messages come in" },
  ),
  requireMention: flag(true, "Answer in channels only when mentioned"),
  replyStyle: maybePick(STYLES, "Answer in the thread, or below all"),
  teams: maybeMapOf(team(), "Teams by id; also the list of teams allowed"),
  mediaAllowHosts: hosts("Hosts that files may come from"),
  mediaAuthAllowHosts: hosts("Hosts that are shown the bot's token for it"),
  sharePointSiteId: maybeText("Site that files for groups are put on"),
  actions: actionGates(["memberInfo"]),
});

export const msteamsSection = defineChannelConfig({
  id: "msteams",
  summary: "Microsoft Teams: a bot in teams and chats.",
  keys,
  secrets: ["appPassword"],
});
