/** `sessions.*`: the list of conversations and what can be done with one. */
import { changeMethods } from "./_methods-change.ts";
import { listMethods } from "./_methods-list.ts";
import { maintenanceMethods } from "./_maintenance/methods.ts";
import { startMethods } from "./_methods-start.ts";
import { usageMethods } from "./_methods-usage.ts";

export const methods = [...listMethods, ...changeMethods, ...startMethods, ...usageMethods, ...maintenanceMethods];
