import { describe, expect, it } from "vitest";
import { defineProxy, type Host } from "../../../../../src/core/contract/index.ts";
import { imaginaryHost } from "../../../../../src/core/hosting/conformance/check.ts";
import { tellsVersion } from "../../../../../src/core/hosting/conformance/live/version.ts";
import builtin from "../../../../../src/plugins/proxies/builtin.ts";

const nginx = defineProxy({
  ...builtin,
  program: { executables: ["nginx"], versionArguments: ["-v"], versionPattern: "nginx/\\S+", install: {} },
});
const host: Host = {
  ...imaginaryHost(true),
  probe: async (argv) => ({ code: 0, stdout: "", stderr: `\n${argv.join(" ")}: nginx/1.22.1\nbuilt with care\n` }),
};

describe("the version of a program", () => {
  it("is told where it was found", async () => {
    expect(await tellsVersion(nginx, { available: true, version: "1.22.1" }, host)).toBe("1.22.1");
  });

  it("is asked for with the pattern that finds none, and with what the program prints", async () => {
    const telling = tellsVersion(nginx, { available: true, executable: "/usr/sbin/nginx" }, host);
    await expect(telling).rejects.toThrow(/nginx\/\\S\+.*"\/usr\/sbin\/nginx -v: nginx\/1\.22\.1"$/);
  });

  it("is asked for also where the plugin names no program that could print it", async () => {
    await expect(tellsVersion(nginx, { available: true }, host)).rejects.toThrow(/""$/);
  });
});
