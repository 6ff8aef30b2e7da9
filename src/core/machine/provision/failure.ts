import { type Advice, byHand } from "../advice.ts";

/** Causes of failed steps that are told apart, by what apt, pip, npm and Go print. */
const causes = {
  interruptedDpkg: /dpkg was interrupted/i,
  locked: /Could not get lock|is another process using it/i,
  diskFull: /No space left on device/i,
  unknownPackage: /Unable to locate package|has no installation candidate/i,
  noBuild: /No matching distribution found|is not a supported wheel/i,
  unreachable:
    /Could not resolve|Temporary failure in name resolution|no such host|Network is unreachable|Connection (refused|timed out)|Failed to fetch|Max retries exceeded/i,
  noPermission: /Permission denied|are you root/i,
};

type Cause = keyof typeof causes;

const remedies: Readonly<Record<Cause, Advice>> = {
  interruptedDpkg: { do: "run", command: "dpkg --configure -a", by: "root", again: true },
  locked: byHand("another program is installing packages: wait until it is done, then run this again"),
  diskFull: byHand("the disk is full: make room, then run this again"),
  unknownPackage: byHand("this system's package sources do not have it: install it by hand"),
  noBuild: byHand("PyPI has no build of it for this Python and processor: install it by hand"),
  unreachable: byHand(
    "the package source cannot be reached: look at the network and proxy settings, then run this again",
  ),
  noPermission: byHand("permission is missing: run this again as root"),
};

/** Why a step failed, by the last lines that it printed; `undefined` where they name no known cause. */
export function failureCause(tail: string): Cause | undefined {
  return (Object.keys(causes) as Cause[]).find((cause) => causes[cause].test(tail));
}

/** What the user can do about a step that failed. */
export function remedyFor(cause: Cause | undefined): Advice {
  return cause ? remedies[cause] : byHand("see the output above it, then run this again: it goes on where it stopped");
}
