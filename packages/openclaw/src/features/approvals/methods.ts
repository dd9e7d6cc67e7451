import { fileMethods } from "./_methods-file.ts";
import { questionMethods } from "./_methods-question.ts";

export const methods = [...fileMethods, ...questionMethods];
