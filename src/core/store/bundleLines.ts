import { createReadStream } from "node:fs";
import { pipeline, Readable } from "node:stream";
import { createGunzip } from "node:zlib";
import { LabError, messageOf } from "../errors.ts";
import { unusable } from "./bundleSchema.ts";

/** How much of a bundle is read: far more than a lab measures in a month. */
export const BUNDLE_BOUNDS = { bytes: 2 ** 28, lineBytes: 2 ** 21, lines: 200_000, depth: 32 } as const;

const NEWLINE = 10;

/** The lines of a bundle as they are unpacked, never more of it in memory than a line. Throws LAB_BUNDLE. */
export async function* bundleLines(
  from: string | Uint8Array,
  file: string,
  bounds: Readonly<Record<keyof typeof BUNDLE_BOUNDS, number>> = BUNDLE_BOUNDS,
): AsyncGenerator<string> {
  const tooMuch = (what: string) => unusable(file, `it has ${what}`, "import it in parts: ./lab bundle --sweep ID");
  let [bytes, lines] = [0, 0];
  let pending = new Pending();
  for await (const chunk of unpacked(from, file)) {
    bytes += chunk.length;
    if (bytes > bounds.bytes) throw tooMuch(`more than ${bounds.bytes} bytes`);
    for (let start = 0; start < chunk.length; ) {
      const newline = chunk.indexOf(NEWLINE, start);
      pending.add(chunk.subarray(start, newline < 0 ? undefined : newline));
      if (pending.length > bounds.lineBytes)
        throw tooMuch(`a line ${lines + 1} of more than ${bounds.lineBytes} bytes`);
      if (newline < 0) break;
      if (++lines > bounds.lines) throw tooMuch(`more than ${bounds.lines} lines`);
      yield pending.text(file, lines, bounds.depth);
      pending = new Pending();
      start = newline + 1;
    }
  }
  if (pending.length > 0) yield pending.text(file, lines + 1, bounds.depth);
}

async function* unpacked(from: string | Uint8Array, file: string): AsyncGenerator<Buffer> {
  const source = typeof from === "string" ? createReadStream(from) : Readable.from([from]);
  try {
    yield* pipeline(source, createGunzip(), () => {}) as AsyncIterable<Buffer>;
  } catch (cause) {
    if (!String((cause as NodeJS.ErrnoException).code).startsWith("Z_"))
      throw new LabError("LAB_BUNDLE", `${file} cannot be read: ${messageOf(cause)}`, { help: "check the path" });
    throw unusable(
      file,
      `it is no gzip file, or a part of one (${messageOf(cause)})`,
      "make one with ./lab bundle FILE",
    );
  }
}

/** A line as far as it was read. */
class Pending {
  readonly #parts: Uint8Array[] = [];
  length = 0;

  add(part: Uint8Array): void {
    this.#parts.push(part);
    this.length += part.length;
  }

  text(file: string, line: number, depth: number): string {
    const text = Buffer.concat(this.#parts).toString("utf8");
    if (isDeeper(text, depth)) throw unusable(file, `line ${line} is nested more than ${depth} deep`);
    return text;
  }
}

/** Whether brackets of JSON stand more than so deep in one another. */
function isDeeper(text: string, most: number): boolean {
  let depth = 0;
  for (const [token] of text.matchAll(/"(?:[^"\\]|\\.)*"|[[{]|[\]}]/gs)) {
    if (token === "{" || token === "[") depth++;
    else if (token === "}" || token === "]") depth--;
    if (depth > most) return true;
  }
  return false;
}
