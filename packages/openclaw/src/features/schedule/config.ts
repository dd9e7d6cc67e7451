/** `cron`: work at set times. */
import { Type, choice, closed, defaulted } from "../../contracts/schema.ts";
import { defineConfig } from "../../contracts/config.ts";
import {
  bytes,
  durationOrNever,
  flag,
  maybePart,
  maybeSecret,
  maybeText,
  part,
  pick,
  whole,
} from "../../contracts/config-kinds.ts";

const CAUSES = ["rate_limit", "overloaded", "network", "timeout", "server_error"] as const;
const HOW = ["announce", "webhook"] as const;

const retry = part(
  {
    maxAttempts: whole(3, "Further attempts", { maximum: 10 }),
    backoffMs: defaulted(
      Type.Array(Type.Integer({ minimum: 0 }), {
        default: [30_000, 60_000, 300_000],
        minItems: 1,
        maxItems: 10,
        description: "Pauses before them, ms",
      }),
    ),
    retryOn: defaulted(
      Type.Array(choice(CAUSES), { default: [...CAUSES], description: "Failures worth another attempt" }),
    ),
  },
  "Jobs that run once and fail",
);

const failureAlert = part(
  {
    enabled: flag(false, "Tell of jobs that keep failing"),
    after: whole(3, "Failures in a row before that", { minimum: 1 }),
    cooldownMs: whole(3_600_000, "Pause between alerts about one job, ms"),
    includeSkipped: flag(false, "Count skipped runs as failures"),
    mode: pick(HOW, "announce", "In a chat, or to an address"),
    accountId: maybeText("Account of the channel"),
  },
  "Alerts",
);

const failureDestination = maybePart(
  {
    mode: pick(HOW, "announce", "In a chat, or to an address"),
    channel: maybeText("Channel; absent means the one used last"),
    to: maybeText("Person, chat or address"),
    accountId: maybeText("Account of the channel"),
  },
  "Where alerts go; absent means where the job's results go",
);

const cronSection = defineConfig({
  path: "cron",
  summary: "Work at set times: switch, limits, records, failures.",
  reload: "restart:cron",
  secrets: ["webhookToken"],
  schema: closed({
    enabled: flag(true, "Run jobs"),
    maxConcurrentRuns: whole(1, "Jobs at the same time", { minimum: 1 }),
    store: maybeText("File of the jobs; absent means `cron/jobs.json` in the state directory"),
    sessionRetention: durationOrNever(
      "24h",
      "How long sessions of finished jobs are kept, a bare number is minutes; `false` keeps them all",
    ),
    runLog: part(
      {
        maxBytes: bytes(2_000_000, "Size of one job's record at which it is shortened"),
        keepLines: whole(2000, "Runs that are kept then", { minimum: 1 }),
      },
      "Records of runs",
    ),
    webhook: maybeText("Older form: address that finished jobs are reported to"),
    webhookToken: maybeSecret("Sent with results that go to an address, as `Authorization: Bearer`"),
    retry,
    failureAlert,
    failureDestination,
  }),
});

export const config = [cronSection];
