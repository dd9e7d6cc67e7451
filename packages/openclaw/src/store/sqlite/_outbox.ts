import { formatAddress } from "../../contracts/envelope.ts";
import type { NewPost, Outbox, PostRow, PostState } from "../ports/index.ts";
import type { Adapter } from "./_adapter.ts";
import type { Connection } from "./_connection.ts";
import { int, json, optional, present, value } from "./_values.ts";

interface Row {
  id: number;
  key: string;
  address: string;
  text: string;
  reply_to: string | null;
  native: string | null;
  choices: string | null;
  turn_id: string | null;
  at: number;
  delivered: number;
  more: string | null;
  state: PostState;
  maybe_sent: number;
  attempts: number;
  not_before: number;
  error: string | null;
  receipt: string | null;
}

/**
 * The first waiting post of each conversation, unless a call is under way there. What stands behind
 * it waits, also while it is held back for a retry. (`state IN` repeats the condition of the index.)
 */
const DUE = `
  SELECT * FROM outbox AS post
  WHERE state IN ('pending', 'sending') AND account = ? AND state = 'pending' AND not_before <= ?
    AND NOT EXISTS (
      SELECT 1 FROM outbox AS other
      WHERE other.account = post.account AND other.conversation = post.conversation AND other.state IN ('pending', 'sending')
        AND (other.state = 'sending' OR (other.at, other.id) < (post.at, post.id)))
  ORDER BY conversation, id LIMIT ?`;

const HELD = `
  SELECT min(not_before) AS at FROM outbox
  WHERE state IN ('pending', 'sending') AND account = ? AND state = 'pending' AND not_before > ?`;

export function outboxPort({ connection, writer }: Adapter): Outbox {
  return {
    post: (posts) => writer.write(() => insertPosts(connection, posts)),
    find: (keys) =>
      writer.read(() =>
        connection
          .all<Row>(
            "SELECT * FROM outbox WHERE key IN (SELECT value FROM json_each(?)) ORDER BY id",
            JSON.stringify(keys),
          )
          .map(decode),
      ),
    due: (account, now, limit) =>
      writer.read(() => connection.all<Row>(DUE, account, int(now), int(limit)).map(decode)),
    heldUntil: (account, now) =>
      writer.read(() => connection.all<{ at: number | null }>(HELD, account, int(now))[0]?.at ?? undefined),
    sending: (id) =>
      writer.write(() => {
        connection.run(
          "UPDATE outbox SET state = 'sending', attempts = attempts + 1 WHERE id = ? AND state = 'pending'",
          id,
        );
      }),
    sent: (id, receipt) =>
      writer.write(() => {
        connection.run(
          "UPDATE outbox SET state = 'sent', receipt = ?, error = NULL WHERE id = ?",
          JSON.stringify(receipt),
          id,
        );
      }),
    failed: (id, { error, maybeSent, retryAt }) =>
      writer.write(() => {
        connection.run(
          "UPDATE outbox SET state = ?, not_before = ?, error = ?, maybe_sent = max(maybe_sent, ?) WHERE id = ? AND state IN ('pending', 'sending')",
          retryAt === undefined ? "dead" : "pending",
          int(retryAt ?? 0),
          error,
          maybeSent ? 1 : 0,
          id,
        );
      }),
    recover: () =>
      writer.write(() => connection.run("UPDATE outbox SET state = 'pending', maybe_sent = 1 WHERE state = 'sending'")),
    counts: () =>
      writer.read(() => {
        const rows = connection.all<{ state: PostState; count: number }>(
          "SELECT state, count(*) AS count FROM outbox GROUP BY state",
        );
        return {
          pending: 0,
          sending: 0,
          sent: 0,
          dead: 0,
          ...Object.fromEntries(rows.map(({ state, count }) => [state, count])),
        };
      }),
  };
}

/** Adds posts whose key is not known yet. */
export function insertPosts(connection: Connection, posts: readonly NewPost[]): void {
  for (const post of posts) {
    connection.run(
      `INSERT INTO outbox (key, account, conversation, address, text, reply_to, native, choices, turn_id, at, delivered, state, not_before, more)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
       ON CONFLICT (key) DO NOTHING`,
      post.key,
      `${post.address.channel}:${post.address.account}`,
      formatAddress(post.address),
      JSON.stringify(post.address),
      post.text,
      post.replyTo ?? null,
      json(post.native),
      json(post.choices),
      post.turnId ?? null,
      int(post.at),
      post.delivered ? 1 : 0,
      post.delivered ? "sent" : "pending",
      int(post.notBefore ?? 0),
      more(post),
    );
  }
}

/** What few posts have, as one value. */
function more({ media, replaces, settles, part }: NewPost): string | null {
  if (media === undefined && replaces === undefined && settles === undefined && part === undefined) return null;
  return JSON.stringify({ media, replaces, settles, part });
}

function decode(row: Row): PostRow {
  return {
    id: row.id,
    key: row.key,
    address: value(row.address),
    text: row.text,
    ...present("replyTo", row.reply_to),
    ...optional("native", row.native),
    ...optional("choices", row.choices),
    ...(row.more === null ? {} : value<Pick<NewPost, "media" | "replaces" | "settles" | "part">>(row.more)),
    ...present("turnId", row.turn_id),
    at: row.at,
    ...(row.delivered === 1 ? { delivered: true } : {}),
    state: row.state,
    maybeSent: row.maybe_sent === 1,
    attempts: row.attempts,
    notBefore: row.not_before,
    ...present("error", row.error),
    ...optional("receipt", row.receipt),
  };
}
