/** Named groups of sessions, in an order. A session says in its `category` which one it belongs to. */
import type { SessionRow } from "./sessions.ts";

export interface SessionGroup {
  /** Names are unique, case and all. */
  readonly name: string;
  readonly icon?: string;
  readonly color?: string;
  readonly collapsed?: boolean;
}

export interface SessionGroupRow extends SessionGroup {
  /** How many sessions belong to it, archived ones included. */
  readonly sessions: number;
}

export interface SessionGroups {
  /** In their order. Groups that sessions name and nobody made come last, by name. */
  list(): Promise<SessionGroupRow[]>;
  /** Makes a group, at the end, or changes one. `position` (from 0) moves it; further than the end is the end. */
  put(group: SessionGroup, position?: number): Promise<void>;
  /** Its sessions follow, in the same step; they are returned. Undefined, and nothing happens, when `to` is taken. */
  rename(from: string, to: string): Promise<SessionRow[] | undefined>;
  /** Its sessions belong to none then; they are returned. */
  remove(name: string): Promise<SessionRow[]>;
}
