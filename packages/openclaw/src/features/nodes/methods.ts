import { approvalsMethods } from "./_methods-approvals.ts";
import { invokeMethods } from "./_methods-invoke.ts";
import { nodeMethods } from "./_methods-node.ts";
import { pairingMethods } from "./_methods-pairing.ts";

export const methods = [...pairingMethods, ...invokeMethods, ...approvalsMethods, ...nodeMethods];
