import { Engine } from "../../core/engine.ts";
import { engineOptions, type Named } from "../../core/places.ts";
import { warn } from "./output.ts";

/** Options that mean the same for every command. */
export interface CommonOptions extends Named {
  readonly json?: boolean;
}

/** Opens the engine that the common options ask for. */
export async function openEngine(named: CommonOptions): Promise<Engine> {
  const options = engineOptions(named);
  const engine = await Engine.open(options);
  for (const problem of engine.registry.problems) warn(`${options.pluginsFile}: left out ${problem}`);
  return engine;
}
