import { describe, expect, it } from "vitest";
import { imageOf, imageSourceFor } from "../../../../src/plugins/limiters/docker/choice.ts";
import { hostImageName } from "../../../../src/plugins/limiters/docker/hostImage.ts";
import { launchOf, listing, merged } from "./sketches.ts";

describe("the choice of the image", () => {
  const host = listing("bin usr/bin");

  it("is the host's program where there is one", async () => {
    const source = await imageSourceFor(launchOf({ image: "haproxy:lts" }), host, {});
    expect(source.image).toBe(hostImageName(merged));
    expect(source.system).toEqual(merged);
  });

  it("is the official image where the host has no program", async () => {
    const { executable: _, ...rest } = launchOf({ image: "haproxy:lts" });
    expect(await imageSourceFor(rest, host, {})).toEqual({ image: "haproxy:lts" });
  });

  it("is the one that the options name", async () => {
    const launch = launchOf({ image: "haproxy:lts" });
    expect(await imageSourceFor(launch, host, { imageSource: "official" })).toEqual({ image: "haproxy:lts" });
    expect(await imageSourceFor(launch, host, { imageSource: "mine:1" })).toEqual({ image: "mine:1" });
  });

  it("fails with the reason when nothing has the program", async () => {
    const { executable: _, ...rest } = launchOf();
    await expect(imageSourceFor(rest, host, { imageSource: "host" })).rejects.toThrow(/^haproxy\b/);
    await expect(imageSourceFor(rest, host, {})).rejects.toThrow(/\bimage\b/);
  });
});

describe("the image that a program would come from", () => {
  const program = { executables: ["haproxy"], versionArguments: ["-v"], versionPattern: "(.*)", install: {} };
  const withImage = { ...program, image: "haproxy:lts" };

  it.each([
    ["none where this machine has it", withImage, true, {}, undefined],
    ["the official one where this machine does not", withImage, false, {}, "haproxy:lts"],
    ["none where there is no other way", program, false, {}, undefined],
    ["the official one where it is chosen", withImage, true, { imageSource: "official" }, "haproxy:lts"],
    ["none where the host is chosen", withImage, false, { imageSource: "host" }, undefined],
    ["the one that is named", program, true, { imageSource: "mine:1" }, "mine:1"],
  ])("is %s", (_, described, onHost, options, image) => {
    expect(imageOf(described, onHost, options)).toBe(image);
  });

  it("is an error where the official one is chosen and there is none", () => {
    expect(() => imageOf(program, true, { imageSource: "official" })).toThrow(/\bhaproxy\b.*\bimage\b/);
  });
});
