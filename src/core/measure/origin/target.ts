import { promises as dns, type LookupAddress } from "node:dns";
import { BlockList, isIP } from "node:net";
import { LabError } from "../../errors.ts";

const loopback = new BlockList();
loopback.addSubnet("127.0.0.0", 8);
loopback.addAddress("::1", "ipv6");

/** Addresses of the link, and those at which clouds give away the secrets of their machines. */
const forbidden = new BlockList();
forbidden.addSubnet("169.254.0.0", 16);
forbidden.addSubnet("fe80::", 10, "ipv6");
forbidden.addAddress("fd00:ec2::254", "ipv6");
forbidden.addAddress("100.100.100.200");

type Lookup = (host: string) => Promise<readonly LookupAddress[]>;

const lookUp: Lookup = (host) => dns.lookup(host, { all: true });

/**
 * Requires that load may be sent to an origin: it is on loopback, or its host was allowed and has no address that is
 * always refused. Throws LAB_USAGE.
 */
export async function requireTarget(
  originUrl: string | undefined,
  allowed: readonly string[],
  look: Lookup = lookUp,
): Promise<void> {
  if (originUrl === undefined) return;
  const host = hostOf(originUrl);
  // A name that nobody knows fails later, and hits nobody.
  const addresses = isIP(host)
    ? [host]
    : await look(host)
        .then((found) => found.map(({ address }) => address))
        .catch(() => []);
  const refused = addresses.find((address) => isIn(forbidden, address));
  if (refused !== undefined)
    throw new LabError(
      "LAB_USAGE",
      `load may not be sent to ${host}: ${refused} is an address of the link or of a cloud`,
      {
        help: "name another origin",
      },
    );
  const here = isIP(host) ? isIn(loopback, host) : host === "localhost";
  if (here || allowed.some((one) => hostOf(`http://${one}`) === host)) return;
  throw new LabError("LAB_USAGE", `load may not be sent to ${host}: it is not this machine`, {
    help: `if it is yours to load: --allow-target ${host}`,
  });
}

function isIn(list: BlockList, address: string): boolean {
  return list.check(address, isIP(address) === 6 ? "ipv6" : "ipv4");
}

/** As `URL` writes it: names in lower case, numbers as an address. */
function hostOf(url: string): string {
  return URL.canParse(url) ? new URL(url).hostname.replace(/^\[|\]$/g, "").replace(/\.$/, "") : "";
}
