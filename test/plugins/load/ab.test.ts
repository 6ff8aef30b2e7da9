import { describe, expect, it } from "vitest";
import ab from "../../../src/plugins/load/ab.ts";
import { loadSetup, reading, recorded } from "./recorded.ts";

describe("the report of ab", () => {
  it("takes write errors off the complete requests", () => {
    const { stdout, ...end } = recorded("ab", "normal");
    const withErrors = stdout.replace("Keep-Alive requests:", "Write errors:           30\nKeep-Alive requests:");
    expect(ab.parse({ ...end, stdout: withErrors }, loadSetup())).toMatchObject({
      completedRequests: 72500,
      failedRequests: 30,
      failures: { other: 30 },
    });
  });

  it("is refused when the run was too short for its clock", () => {
    const { stdout, ...end } = recorded("ab", "one-request");
    expect(reading(ab, { ...end, stdout: stdout.replace("0.311 sec", "0.000 sec") })).toContain("too short");
  });
});
