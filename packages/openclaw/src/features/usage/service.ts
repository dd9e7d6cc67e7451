import { provide } from "../../contracts/service.ts";
import { Models } from "../../models/index.ts";
import { QuotaBook } from "./_quota/quotas.ts";
import { ProviderQuotas } from "./_service-tokens.ts";

export const services = [
  provide(
    ProviderQuotas,
    async ({ use, platform: { fetch, clock } }) => new QuotaBook({ fetch, clock, models: await use(Models) }),
  ),
];
