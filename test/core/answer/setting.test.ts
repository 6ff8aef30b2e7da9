import { expect, it } from "vitest";
import { specLike } from "../../../src/core/answer/setting.ts";
import { trialRecord } from "../../fixtures/records.ts";

const plan = { title: "verification", replicates: 3, seed: 1 };

it("a limit is tried at the rate asked for, else that of its example, and in a closed loop where that was in one", () => {
  const open = trialRecord({ point: { loadTool: "vegeta", requestsPerSecond: 500 } });
  expect(specLike(open, [0.2], {}, plan)).toMatchObject({ loadTools: ["vegeta"], requestsPerSecond: [500] });
  expect(specLike(open, [0.2], { requestsPerSecond: 700 }, plan).requestsPerSecond).toEqual([700]);
  expect(specLike(trialRecord(), [0.2], {}, plan).requestsPerSecond).toEqual([]);
});
