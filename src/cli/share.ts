import { LabError } from "../core/errors.ts";

/** A share between 0 and 1 from `5%` or `0.05`. Throws LAB_USAGE. */
export function parseShare(text: string, option: string): number {
  const match = /^(\d*\.?\d+)(%?)$/.exec(text.trim());
  const share = match ? Number(match[1]) / (match[2] ? 100 : 1) : Number.NaN;
  if (share > 0 && share < 1) return share;
  throw new LabError("LAB_USAGE", `${option}: "${text}" is not a share such as 5% or 0.05`);
}
