import type { Role } from "../contract/index.ts";
import type { Scenario } from "./point.ts";

/** What a sweep varies (lists of levels) and what it keeps fixed. */
export interface SweepSpec {
  readonly title?: string;
  readonly proxies: readonly string[];
  readonly loadTools: readonly string[];
  readonly limiters: readonly string[];
  readonly role: Role;
  /** CPU limits in cores. */
  readonly cpu: readonly number[];
  /** Memory limits in bytes; an empty list means no limit. */
  readonly memoryBytes: readonly number[];
  readonly servers: readonly number[];
  readonly concurrency: readonly number[];
  readonly replicates: number;
  readonly plan: "grid";
  readonly seed: number;
  readonly scenario: Scenario;
}
