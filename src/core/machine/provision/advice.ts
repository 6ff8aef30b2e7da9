const advice: readonly (readonly [RegExp, string])[] = [
  [/dpkg was interrupted/i, "as root: dpkg --configure -a; then run this again"],
  [
    /Could not get lock|is another process using it/i,
    "another program is installing packages: wait until it is done, then run this again",
  ],
  [/No space left on device/i, "the disk is full: make room, then run this again"],
  [
    /Unable to locate package|has no installation candidate/i,
    "this system's package sources do not have it: install it by hand",
  ],
  [
    /No matching distribution found|is not a supported wheel/i,
    "PyPI has no build of it for this Python and processor: install it by hand",
  ],
  [
    /Could not resolve|Temporary failure in name resolution|no such host|Network is unreachable|Connection (refused|timed out)|Failed to fetch|Max retries exceeded/i,
    "the package source cannot be reached: look at the network and proxy settings, then run this again",
  ],
  [/Permission denied|are you root/i, "permission is missing: run this again as root"],
];

/** What the user can do about a step that failed, by what it printed last. */
export function adviceFor(tail: string): string {
  const known = advice.find(([pattern]) => pattern.test(tail));
  return known?.[1] ?? "see the output above it, then run this again: it goes on where it stopped";
}
