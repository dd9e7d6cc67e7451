/** What a turn brings along that is not its owner's is noted in the session's row before the model can read it. */
import type { Principal } from "../../../contracts/principal.ts";
import type { TurnRow } from "../../../store/index.ts";
import { labelsOfTurn, withLabels } from "../../sessions/index.ts";
import type { Place } from "../_setup/setup.ts";
import type { RunDeps } from "../run.ts";

/** `tells`: whoever caused the lines that the turn opens with. Returns the place as it is then. */
export async function labelled(
  { sessions }: Pick<RunDeps, "sessions">,
  turn: TurnRow,
  place: Place,
  tells: readonly Principal[],
): Promise<Place> {
  const { from } = turn.options;
  const author = from && (await sessions.get(from.sessionKey));
  const contentLabels = withLabels(place.session.entry, labelsOfTurn(turn, tells, author?.entry));
  if (contentLabels === undefined) return place;
  const session = await sessions.patch(turn.sessionKey, { set: { contentLabels } });
  return session ? { ...place, session } : place;
}
