import { serverOf, testDialect } from "../../../../../test/conformance/testDialect.ts";
import { dialect } from "./ollama.ts";

testDialect("ollama", { dialect, server: serverOf("ollama") });
