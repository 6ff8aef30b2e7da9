import { relative } from "node:path";
import { fileURLToPath } from "node:url";
import { reasonOf, ThreadError } from "./reply.ts";

const lab = fileURLToPath(new URL("../../..", import.meta.url));
/** A file of a stack with line and column. */
const position = /^\s+at (?:.*\()?(?:async )?(?:file:\/\/)?(?<file>\/.*?):(?<place>\d+:\d+)\)?$/m;

/** What an error says, and where in its plugin it was thrown. */
export function reasonWithPlace(thrown: unknown): string {
  const place = thrown instanceof ThreadError ? placeIn(thrown.stack) : undefined;
  return place === undefined ? reasonOf(thrown) : `${reasonOf(thrown)} (${place})`;
}

/** The first place in a stack, from here; `undefined` where that is in the lab itself, which then says what it means. */
function placeIn(stack: string): string | undefined {
  const { file, place } = position.exec(stack)?.groups ?? {};
  if (file === undefined || file.startsWith(lab)) return undefined;
  const short = relative(process.cwd(), file);
  return `${short.startsWith("..") ? file : short}:${place}`;
}
