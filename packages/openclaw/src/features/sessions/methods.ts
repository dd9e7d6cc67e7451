/** `sessions.*`: the list of conversations and what can be done with one. */
import { changeMethods } from "./_change/methods-change.ts";
import { groupMethods } from "./_groups/methods.ts";
import { listMethods } from "./_list/methods-list.ts";
import { maintenanceMethods } from "./_maintenance/methods.ts";
import { searchMethods } from "./_search/methods.ts";
import { startMethods } from "./_list/methods-start.ts";
import { usageMethods } from "./_list/methods-usage.ts";

export const methods = [
  ...listMethods,
  ...searchMethods,
  ...changeMethods,
  ...groupMethods,
  ...startMethods,
  ...usageMethods,
  ...maintenanceMethods,
];
