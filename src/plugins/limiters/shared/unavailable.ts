import type { Detection } from "../../../core/contract/index.ts";

/** What `detect` says where a limiter cannot be used: why not, and what would help. */
export function unavailable(reason: string, help?: string): Detection {
  return { available: false, reason, ...(help === undefined ? {} : { help }) };
}

export const noControlGroups = unavailable("this machine has no control groups with a cpu controller");
