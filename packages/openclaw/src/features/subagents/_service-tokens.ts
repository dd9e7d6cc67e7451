import { token } from "../../contracts/service.ts";
import type { TalksService } from "./_talk.ts";

/** Conversations between sessions. */
export const Talks = token<TalksService>("session-talks");
