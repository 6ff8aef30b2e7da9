import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    projects: [
      { test: { name: "unit", include: ["test/**/*.test.ts"], exclude: ["test/real/**"] } },
      {
        test: {
          name: "real",
          include: ["test/real/**/*.test.ts"],
          // Real parts share two cores and the machine's limits: one at a time.
          fileParallelism: false,
          testTimeout: 120_000,
          hookTimeout: 120_000,
        },
      },
    ],
  },
});
