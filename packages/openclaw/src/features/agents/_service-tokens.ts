import { token } from "../../contracts/service.ts";
import type { AgentsService, ContextReportsService } from "./index.ts";

export const Agents = token<AgentsService>("agents");

export const ContextReports = token<ContextReportsService>("context-reports");
