import { describe, it } from "vitest";
import { requireTarget } from "../../../../src/core/measure/origin/target.ts";
import { expectRejection } from "../../../fixtures/errors.ts";

/** Names that are known, and their addresses. */
const names: Readonly<Record<string, readonly string[]>> = {
  localhost: ["127.0.0.1"],
  "lab.example": ["192.0.2.7"],
  "inside.example": ["127.0.0.1"],
  "cloud.example": ["192.0.2.8", "169.254.169.254"],
};

function look(host: string) {
  const found = names[host];
  return found
    ? Promise.resolve(found.map((address) => ({ address, family: 4 })))
    : Promise.reject(new Error("ENOTFOUND"));
}

const aim = (host: string, ...allowed: string[]) => requireTarget(`http://${host}/x`, allowed, look);

describe("load", () => {
  it("goes to the lab's own origins", () => requireTarget(undefined, [], look));

  it.each(["127.0.0.1", "127.8.9.10:81", "[::1]:80", "localhost:3000", "2130706433"])("goes to %s unasked", (host) =>
    aim(host),
  );

  it.each(["192.0.2.7", "lab.example", "inside.example", "unknown.example", "[2001:db8::1]", "0.0.0.0"])(
    "goes to %s where that was allowed, and only then",
    async (host) => {
      await expectRejection(aim(host), "LAB_USAGE", host.replace(/[[\]]/g, ""));
      await expectRejection(aim(host, "other.example"), "LAB_USAGE");
      await aim(host, "other.example", host);
    },
  );

  it("knows a host by whatever spelling", async () => {
    await aim("LAB.example:8080", "lab.Example");
    await aim("3221225991", "192.0.2.7");
  });

  it.each([
    "169.254.169.254",
    "169.254.0.1",
    "2852039166",
    "0xa9.0xfe.0xa9.0xfe",
    "[::ffff:169.254.169.254]",
    "[fe80::1]",
    "[fd00:ec2::254]",
    "100.100.100.200",
    "cloud.example",
  ])("never goes to %s", async (host) => {
    await expectRejection(aim(host, host, host.replace(/[[\]]/g, "")), "LAB_USAGE");
  });
});
