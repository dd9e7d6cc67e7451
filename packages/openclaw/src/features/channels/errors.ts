import { defineErrors, fault } from "../../base/errors.ts";

export const errors = defineErrors({
  CHANNEL_ACCOUNT_UNKNOWN: fault<{ channel: string; account: string }>({
    status: 404,
    rpc: "INVALID_REQUEST",
    say: ({ channel, account }) =>
      `There is no account "${account.slice(0, 60)}" of the channel "${channel.slice(0, 60)}".`,
    remedy: "List the accounts with: openclaw channels status",
  }),
  LOGOUT_CHANNEL_INVALID: fault<void>({
    status: 400,
    rpc: "INVALID_REQUEST",
    say: () => "invalid channels.logout channel",
    remedy: "List the channels with: openclaw channels status",
  }),
  WEB_LOGIN_UNAVAILABLE: fault<void>({
    status: 501,
    rpc: "UNAVAILABLE",
    say: () => "web login provider is not available",
    remedy: "No channel of this version logs in by QR code.",
  }),
});
