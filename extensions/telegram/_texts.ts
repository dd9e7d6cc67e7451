/** Before a message that an earlier attempt may already have delivered. */
export const REPEAT_MARK = "↻ (possibly repeated) ";
