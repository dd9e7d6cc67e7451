/** Buttons below a message: what a tap sends stands in the button itself. */
import type { OutboundMessage } from "openclaw/sdk";

export interface Button {
  readonly text: string;
  readonly callback_data: string;
}

/** Telegram's limits: bytes of a button's data, buttons of a message. */
const MAX_DATA = 64;
const MOST = 100;
const MAX_LABEL = 64;

/** Undefined without buttons. One whose text does not fit is left out: it can still be typed. */
export function keyboardOf({ choices }: Pick<OutboundMessage, "choices">): { inline_keyboard: Button[][] } | undefined {
  let left = MOST;
  const rows = (choices ?? []).flatMap((row) => {
    const buttons = row
      .filter(({ value }) => value !== "" && Buffer.byteLength(value) <= MAX_DATA)
      .slice(0, left)
      .map(({ value, label }) => ({ text: label.slice(0, MAX_LABEL) || value, callback_data: value }));
    left -= buttons.length;
    return buttons.length === 0 ? [] : [buttons];
  });
  return rows.length === 0 ? undefined : { inline_keyboard: rows };
}
