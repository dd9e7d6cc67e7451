import { token } from "../../contracts/service.ts";
import type { AgentsService } from "./index.ts";

export const Agents = token<AgentsService>("agents");
