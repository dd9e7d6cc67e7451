/** The commands by everything they can be called. */
import type { ChatCommand } from "../../../contracts/chat.ts";

export class Catalog<C extends ChatCommand = ChatCommand> {
  readonly all: readonly C[];
  readonly #byName: ReadonlyMap<string, C>;

  /** Of two with one name the first holds. */
  constructor(commands: readonly C[]) {
    this.all = commands;
    const names = commands.flatMap((command) => namesOf(command).map((name) => [spelling(name), command] as const));
    this.#byName = new Map(names.toReversed());
  }

  find(name: string): C | undefined {
    return this.#byName.get(spelling(name));
  }
}

function namesOf({ name, aliases = [], native }: ChatCommand): readonly string[] {
  return [name, ...aliases, ...(native ? Object.values(native) : [])];
}

function spelling(name: string): string {
  return name.toLowerCase().replaceAll("-", "_");
}
