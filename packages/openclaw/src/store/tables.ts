import { defineMigration } from "../contracts/migration.ts";
import type { Migration } from "../contracts/migration.ts";

/** Tables behind the ports. Times are Unix epoch milliseconds; structured values are JSON text. */
const core = defineMigration({
  id: "0001-core",
  up: `
    CREATE TABLE inbox (
      seq INTEGER PRIMARY KEY AUTOINCREMENT,
      id TEXT NOT NULL UNIQUE,
      account TEXT NOT NULL,
      native_id TEXT NOT NULL,
      envelope TEXT NOT NULL,
      principal TEXT,
      options TEXT,
      state TEXT NOT NULL DEFAULT 'received',
      outcome TEXT,
      attempts INTEGER NOT NULL DEFAULT 0,
      received_at INTEGER NOT NULL,
      UNIQUE (account, native_id)
    ) STRICT;
    CREATE INDEX inbox_received ON inbox (seq) WHERE state = 'received';
    CREATE INDEX inbox_done ON inbox (received_at) WHERE state = 'done';

    CREATE TABLE turns (
      seq INTEGER PRIMARY KEY AUTOINCREMENT,
      id TEXT NOT NULL UNIQUE,
      agent_id TEXT NOT NULL,
      session_key TEXT NOT NULL,
      principal TEXT NOT NULL,
      text TEXT NOT NULL,
      images TEXT,
      reply_to TEXT,
      options TEXT NOT NULL,
      state TEXT NOT NULL DEFAULT 'queued',
      attempts INTEGER NOT NULL DEFAULT 0,
      created_at INTEGER NOT NULL,
      started_at INTEGER,
      ended_at INTEGER,
      result TEXT
    ) STRICT;
    CREATE INDEX turns_open ON turns (seq) WHERE state IN ('queued', 'running');
    CREATE INDEX turns_open_of_session ON turns (session_key, seq) WHERE state IN ('queued', 'running');
    CREATE INDEX turns_ended ON turns (ended_at) WHERE ended_at IS NOT NULL;

    CREATE TABLE outbox (
      id INTEGER PRIMARY KEY AUTOINCREMENT,
      key TEXT NOT NULL UNIQUE,
      account TEXT NOT NULL,
      conversation TEXT NOT NULL,
      address TEXT NOT NULL,
      text TEXT NOT NULL,
      reply_to TEXT,
      native TEXT,
      turn_id TEXT,
      at INTEGER NOT NULL,
      delivered INTEGER NOT NULL DEFAULT 0,
      state TEXT NOT NULL DEFAULT 'pending',
      maybe_sent INTEGER NOT NULL DEFAULT 0,
      attempts INTEGER NOT NULL DEFAULT 0,
      not_before INTEGER NOT NULL DEFAULT 0,
      error TEXT,
      receipt TEXT
    ) STRICT;
    CREATE INDEX outbox_waiting ON outbox (account, conversation, at, id) WHERE state IN ('pending', 'sending');
    CREATE INDEX outbox_state ON outbox (state, at);

    CREATE TABLE sessions (
      key TEXT PRIMARY KEY,
      agent_id TEXT NOT NULL,
      label TEXT,
      updated_at INTEGER NOT NULL,
      archived INTEGER NOT NULL,
      search TEXT NOT NULL,
      entry TEXT NOT NULL
    ) STRICT;
    CREATE UNIQUE INDEX sessions_label ON sessions (agent_id, label) WHERE label IS NOT NULL;
    CREATE INDEX sessions_updated ON sessions (updated_at DESC);

    CREATE TABLE devices (id TEXT PRIMARY KEY, row TEXT NOT NULL) STRICT;
    CREATE TABLE device_requests (id TEXT PRIMARY KEY, ts INTEGER NOT NULL, row TEXT NOT NULL) STRICT;
    CREATE TABLE kv (space TEXT NOT NULL, key TEXT NOT NULL, value TEXT NOT NULL, PRIMARY KEY (space, key)) STRICT, WITHOUT ROWID;

    CREATE TABLE audit (
      id INTEGER PRIMARY KEY AUTOINCREMENT,
      at INTEGER NOT NULL,
      actor TEXT NOT NULL,
      action TEXT NOT NULL,
      target TEXT NOT NULL,
      verdict TEXT NOT NULL,
      rule TEXT NOT NULL,
      data TEXT
    ) STRICT;
  `,
});

/** Lines that wait to be told to their session. */
const systemEvents = defineMigration({
  id: "0002-system-events",
  up: `
    CREATE TABLE system_events (
      seq INTEGER PRIMARY KEY AUTOINCREMENT,
      id TEXT NOT NULL UNIQUE,
      session_key TEXT NOT NULL,
      text TEXT NOT NULL,
      by TEXT NOT NULL,
      at INTEGER NOT NULL
    ) STRICT;
    CREATE INDEX system_events_of_session ON system_events (session_key, seq);
  `,
});

/** What the turns of one session used with one model within a quarter of an hour, added up. Costs are US dollars. */
const usage = defineMigration({
  id: "0003-usage",
  up: `
    CREATE TABLE usage (
      at INTEGER NOT NULL,
      agent_id TEXT NOT NULL,
      session_key TEXT NOT NULL,
      session_id TEXT NOT NULL,
      provider TEXT NOT NULL,
      model TEXT NOT NULL,
      channel TEXT NOT NULL,
      turns INTEGER NOT NULL,
      errors INTEGER NOT NULL,
      assistant INTEGER NOT NULL,
      tools TEXT NOT NULL,
      input INTEGER NOT NULL,
      output INTEGER NOT NULL,
      cache_read INTEGER NOT NULL,
      cache_write INTEGER NOT NULL,
      total INTEGER NOT NULL,
      cost_input REAL NOT NULL,
      cost_output REAL NOT NULL,
      cost_cache_read REAL NOT NULL,
      cost_cache_write REAL NOT NULL,
      cost_total REAL NOT NULL,
      unpriced INTEGER NOT NULL,
      PRIMARY KEY (at, session_key, session_id, provider, model, channel)
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX usage_of_session ON usage (session_key, at);
  `,
});

/** The facts of runs, in order, and the prompts that they name by their hash. */
const runEvents = defineMigration({
  id: "0004-run-events",
  up: `
    CREATE TABLE run_events (
      cursor INTEGER PRIMARY KEY,
      run_id TEXT NOT NULL,
      session_key TEXT NOT NULL,
      agent_id TEXT NOT NULL,
      kind TEXT NOT NULL,
      at INTEGER NOT NULL,
      data TEXT NOT NULL
    ) STRICT;
    CREATE INDEX run_events_of_run ON run_events (run_id, cursor);
    CREATE INDEX run_events_of_session ON run_events (session_key, cursor);
    CREATE TABLE run_bodies (hash TEXT PRIMARY KEY, body TEXT NOT NULL, at INTEGER NOT NULL) STRICT, WITHOUT ROWID;
  `,
});

/** Sub-agents that were started, and whether those who wait for them were told. */
const subagents = defineMigration({
  id: "0005-subagents",
  up: `
    CREATE TABLE subagent_runs (
      seq INTEGER PRIMARY KEY AUTOINCREMENT,
      id TEXT NOT NULL UNIQUE,
      child_key TEXT NOT NULL,
      requester_key TEXT NOT NULL,
      state TEXT NOT NULL,
      announce TEXT NOT NULL,
      ended_at INTEGER,
      archive_at INTEGER,
      archived_at INTEGER,
      run TEXT NOT NULL
    ) STRICT;
    CREATE INDEX subagent_runs_of_requester ON subagent_runs (requester_key, seq);
    CREATE INDEX subagent_runs_of_child ON subagent_runs (child_key, seq);
  `,
});

/** Messages that can be answered with a tap. */
const choices = defineMigration({ id: "0006-choices", up: "ALTER TABLE outbox ADD COLUMN choices TEXT;" });

/** Files of a post, the preview that it takes the place of, and how much of an answer it says. */
const outboxMore = defineMigration({
  id: "0007-outbox-more",
  up: "ALTER TABLE outbox ADD COLUMN more TEXT;",
});

/** Groups of sessions in their order; which session belongs where stands in its entry. */
const sessionGroups = defineMigration({
  id: "0008-session-groups",
  up: `
    CREATE TABLE session_groups (
      name TEXT PRIMARY KEY,
      position INTEGER NOT NULL,
      data TEXT NOT NULL
    ) STRICT, WITHOUT ROWID;
  `,
});

export const migrations: readonly Migration[] = [
  core,
  systemEvents,
  usage,
  runEvents,
  subagents,
  choices,
  outboxMore,
  sessionGroups,
];
