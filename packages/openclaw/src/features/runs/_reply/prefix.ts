/** `responsePrefix`: what stands before everything that is said. */
import type { ConfigSnapshot } from "../../../contracts/config.ts";
import type { Address } from "../../../contracts/envelope.ts";
import { channelSetting } from "../../outbound/index.ts";

export interface PrefixFacts {
  /** `provider/model`. */
  readonly modelRef: string | undefined;
  readonly thinking: string | undefined;
  readonly identityName: string | undefined;
}

/** The account's, else the channel's, else the general one; an empty one ends the search and means none. */
export function responsePrefix(config: ConfigSnapshot, address: Address, facts: PrefixFacts): string | undefined {
  const told = channelSetting(config, address, "responsePrefix") ?? config.at("messages.responsePrefix");
  if (typeof told !== "string" || told === "") return undefined;
  if (told === "auto") return facts.identityName === undefined ? undefined : `[${facts.identityName}]`;
  return filled(told, facts);
}

/** Names in braces; what is not known stays as it is written. */
function filled(template: string, { modelRef, thinking, identityName }: PrefixFacts): string {
  const slash = modelRef?.indexOf("/") ?? -1;
  const values: Readonly<Record<string, string | undefined>> = {
    model: modelRef
      ?.slice(slash + 1)
      .split("/")
      .at(-1),
    modelfull: modelRef,
    provider: slash < 0 ? undefined : modelRef?.slice(0, slash),
    thinkinglevel: thinking,
    think: thinking,
    "identity.name": identityName,
    identityname: identityName,
  };
  return template.replace(/\{([a-z.]{1,20})\}/gi, (whole, name: string) => values[name.toLowerCase()] ?? whole);
}
