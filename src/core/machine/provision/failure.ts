import { type Advice, byHand } from "../advice.ts";

/** Causes of failed steps that are told apart, by what apt, pip, npm and Go print, and what the user can do about each. */
const causes = {
  interruptedDpkg: [/dpkg was interrupted/i, { do: "run", command: "dpkg --configure -a", by: "root", again: true }],
  locked: [
    /Could not get lock|is another process using it/i,
    byHand("another program is installing packages: wait until it is done, then run this again"),
  ],
  diskFull: [/No space left on device/i, byHand("the disk is full: make room, then run this again")],
  unknownPackage: [
    /Unable to locate package|has no installation candidate/i,
    byHand("this system's package sources do not have it: install it by hand"),
  ],
  noBuild: [
    /No matching distribution found|is not a supported wheel/i,
    byHand("PyPI has no build of it for this Python and processor: install it by hand"),
  ],
  unreachable: [
    /Could not resolve|Temporary failure in name resolution|no such host|Network is unreachable|Connection (refused|timed out)|Failed to fetch|Max retries exceeded/i,
    byHand("the package source cannot be reached: look at the network and proxy settings, then run this again"),
  ],
  noPermission: [/Permission denied|are you root/i, byHand("permission is missing: run this again as root")],
} as const satisfies Readonly<Record<string, readonly [RegExp, Advice]>>;

type Cause = keyof typeof causes;

/** Why a step failed, by the last lines that it printed; `undefined` where they name no known cause. */
export function failureCause(tail: string): Cause | undefined {
  return (Object.keys(causes) as Cause[]).find((cause) => causes[cause][0].test(tail));
}

/** What the user can do about a step that failed. */
export function remedyFor(cause: Cause | undefined): Advice {
  return cause ? causes[cause][1] : byHand("see the output above it, then run this again: it goes on where it stopped");
}
