import { describe, expect, it } from "vitest";
import * as schemas from "../../../src/core/hosting/schemas.ts";
import builtin from "../../../src/plugins/proxies/builtin.ts";

const told = (schema: Parameters<typeof schemas.requireShape>[0], value: unknown) => {
  try {
    schemas.requireShape(schema, value);
    return "nothing";
  } catch (error) {
    return (error as Error).message;
  }
};

describe("what is wrong with the shape of a value", () => {
  it("names a field that is missing", () => {
    const { install: _, ...program } = builtin.program;
    expect(told(schemas.plugin, { ...builtin, program })).toMatch(/^program\.install\b[^"]*missing$/);
  });

  it("names a field that there is not, with those that there are", () => {
    expect(told(schemas.proxyPlan, { argv: ["p"], enviroment: {} })).toMatch(/^enviroment\b.*\benv\b/);
    const plugins = ["a", { use: "b", option: {} }];
    expect(told(schemas.pluginsFile, { plugins })).toMatch(/^plugins\.1\.option\b.*\buse, as, executable and options$/);
  });

  it("names a pattern that is none", () => {
    const program = { ...builtin.program, versionPattern: "(" };
    expect(told(schemas.plugin, { ...builtin, program })).toMatch(/^program\.versionPattern\b/);
  });

  it("tells nothing that came instead of an object", () => {
    expect(told(schemas.proxyPlan, undefined)).toMatch(/\bundefined$/);
  });
});
