import { setTimeout as sleep } from "node:timers/promises";

/** Whether a promise is not settled after a time. Rejects where the promise does so before. */
export async function isLate(promise: Promise<unknown>, ms: number): Promise<boolean> {
  const timer = new AbortController();
  const late = sleep(ms, true, { signal: timer.signal }).catch(() => false);
  try {
    return await Promise.race([promise.then(() => false), late]);
  } finally {
    timer.abort();
  }
}
