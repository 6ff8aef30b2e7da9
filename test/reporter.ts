import type { Reporter, TestModule } from "vitest/node";

/** Ends a run with what was not run and why, and with one line of counts. */
export default class Counts implements Reporter {
  onTestRunEnd(modules: readonly TestModule[]): void {
    const tests = modules.flatMap((module) => [...module.children.allTests()]);
    const skipped = tests.filter((test) => test.result().state === "skipped");
    for (const { fullName } of skipped) console.log(`not run: ${fullName}`);
    const passed = tests.filter((test) => test.result().state === "passed").length;
    // Where a set-up fails, its tests count as skipped, and the fault is that of the suite.
    const suites = modules.flatMap((module) => [module, ...module.children.allSuites()]);
    const broken = suites.filter((suite) => suite.errors().length > 0).length;
    console.log(
      `${passed} passed, ${tests.length - passed - skipped.length + broken} failed, ${skipped.length} skipped`,
    );
  }
}
