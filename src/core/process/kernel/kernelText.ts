import { readFileSync } from "node:fs";

/**
 * Text of a file that the kernel makes up when it is read (under /proc and /sys); `undefined` where it cannot be read. Such
 * a read takes some ten microseconds, a promise of one many times that, and the lab must not disturb what it measures.
 */
export function kernelText(path: string): string | undefined {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return undefined;
  }
}
