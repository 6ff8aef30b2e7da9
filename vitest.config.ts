import { tmpdir } from "node:os";
import { join } from "node:path";
import { defineConfig } from "vitest/config";

/** What a test polls for may take its time on a busy machine. */
const patient = { poll: { timeout: 20_000 } };
/** Tests keep away from the preferences and the plugins of the user. */
const env = { XDG_CONFIG_HOME: join(tmpdir(), `proxy-lab-tests-${process.pid}`) };
/** They share two cores and look for what is left on the machine: one at a time. */
const onRealParts = { env, fileParallelism: false, testTimeout: 120_000, hookTimeout: 120_000, expect: patient };
/** Too long for each change: `npm run test:long`. */
const long = [
  "test/real/guest.test.ts",
  "test/real/livePart.test.ts",
  "test/real/recipeAnswers.test.ts",
  "test/real/verdicts.test.ts",
];

export default defineConfig({
  test: {
    maxWorkers: 2,
    reporters: ["default", "./test/reporter.ts"],
    projects: [
      {
        test: {
          name: "unit",
          env,
          include: ["test/**/*.test.ts"],
          exclude: ["test/real/**", "test/e2e/**"],
          // Loading the same modules anew for each file would take longer than the tests do.
          isolate: false,
          testTimeout: 30_000, // on a busy machine
          hookTimeout: 30_000,
          expect: patient,
        },
      },
      {
        test: {
          name: "real",
          include: ["test/real/**/*.test.ts", "test/e2e/**/*.test.ts"],
          exclude: long,
          ...onRealParts,
        },
      },
      { test: { name: "long", include: long, ...onRealParts } },
    ],
  },
});
