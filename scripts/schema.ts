import { writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { toJsonSchema } from "@valibot/to-json-schema";
import type { SweepOptions } from "../src/core/domain/options.ts";
import { fileSchema } from "../src/core/experiment/fileSchema.ts";

/** The JSON Schema of experiment files, for editors. What only code can check, such as `0.05..0.9`, is any text there. */
export function experimentSchema(options?: SweepOptions): object {
  const { $schema, ...schema } = toJsonSchema(fileSchema(options), { typeMode: "input", errorMode: "ignore" });
  return { $schema, title: "Proxy Lab experiment file", ...schema };
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const file = new URL("../experiments/schema.json", import.meta.url);
  writeFileSync(file, `${JSON.stringify(experimentSchema(), null, 2)}\n`);
}
