import { defineErrors, fault } from "../../base/errors.ts";

export const errors = defineErrors({
  CHANNEL_ACCOUNT_UNKNOWN: fault<{ channel: string; account: string }>({
    status: 404,
    rpc: "INVALID_REQUEST",
    say: ({ channel, account }) =>
      `There is no account "${account.slice(0, 60)}" of the channel "${channel.slice(0, 60)}".`,
    remedy: "List the accounts with: openclaw channels status",
  }),
});
