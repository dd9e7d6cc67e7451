/** Every section of the configuration. */
import { configSections } from "../generated/config.ts";
import { extensions } from "../generated/extensions.ts";

/** A section of an extension stands in for one that is only known by its documents. */
export const allSections = [
  ...new Map(
    [...configSections, ...extensions.flatMap(({ config }) => config)].map((section) => [section.path, section]),
  ).values(),
];
