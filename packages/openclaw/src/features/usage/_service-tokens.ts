import { token } from "../../contracts/service.ts";
import type { QuotaBook } from "./_quota/quotas.ts";

export const ProviderQuotas = token<Pick<QuotaBook, "read" | "known">>("provider-quotas");
