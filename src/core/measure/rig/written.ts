const mostLines = 40;
/** How programs begin what they have to complain about. */
const complaint =
  /\b(alert|emerg|crit|fatal|panic|err|error|fail\w*|cannot|can't|could not|unable|invalid|unknown|denied|refused)\b/i;

/** The last lines of what a program wrote. */
export function lastLines(written: string): string {
  return written.trim().split("\n").slice(-mostLines).join("\n");
}

/**
 * The line that tells why a program failed: the first one that complains, as later ones mostly follow from it, but of a
 * Python traceback the last one. `undefined` where there is none.
 */
export function tellingLine(written: string): string | undefined {
  const lines = written.split("\n").filter((line) => line.trim() !== "");
  const traced = lines.some((line) => line.startsWith("Traceback "));
  const telling = traced ? undefined : lines.find((line) => complaint.test(line));
  return (telling ?? lines.at(-1))?.trim();
}
