import type { LoadPlugin } from "../contract/index.ts";
import type { SweepSpec } from "../domain/spec.ts";
import { loadObstacle } from "./validate.ts";

/** Load tools by the p99 of their open loops straight at the origins, the shortest first: see bench/generators.ts. */
const byTail = ["vegeta", "pacer"];

/** Of some load tools those to send the open loop of a spec with, best first, where none is named. */
export function openLoopTools<T extends { readonly plugin: LoadPlugin }>(spec: SweepSpec, tools: readonly T[]): T[] {
  const able = tools.filter(({ plugin }) => loadObstacle(plugin, spec) === undefined);
  return byTail.flatMap((id) => able.find(({ plugin }) => plugin.id === id) ?? []);
}
