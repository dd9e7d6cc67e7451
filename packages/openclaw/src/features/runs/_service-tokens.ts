/** The service of runs by name; the door shows it. */
import { token } from "../../contracts/service.ts";
import type { HistoryStreamTable } from "./_history/streams.ts";
import type { RunsService } from "./index.ts";

export const Runs = token<RunsService>("runs");

export const HistoryStreams = token<HistoryStreamTable>("history-streams");
