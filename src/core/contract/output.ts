import type { LoadOutput } from "./load.ts";

/** How a load tool ended and the most telling line that it wrote, an error if there is one: for messages of `parse`. */
export function lastWords({ stdout, stderr, code, signal }: LoadOutput): string {
  const lines = `${stdout}\n${stderr}`.split("\n").filter((line) => line.trim() !== "");
  const ending = signal ? `it was ended by ${signal}` : `it ended with code ${code}`;
  const telling = lines.find((line) => /^\w*Error\b/.test(line)) ?? lines.at(-1);
  return `${ending} after ${telling ? `"${telling.trim().slice(0, 200)}"` : "no output"}`;
}
