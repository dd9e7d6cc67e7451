interface Props {
  readonly text: string;
  /** Start and length of what is marked, in order. */
  readonly marks: readonly (readonly [number, number])[];
}

/** A text with the words in it that were looked for. */
export function Marked({ text, marks }: Props) {
  const ends = marks.map(([start, length]) => start + length);
  return (
    <>
      {marks.map(([start, length], index) => (
        <>
          {text.slice(index === 0 ? 0 : ends[index - 1], start)}
          <mark>{text.slice(start, start + length)}</mark>
        </>
      ))}
      {text.slice(ends.at(-1) ?? 0)}
    </>
  );
}
