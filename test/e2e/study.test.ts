import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it, onTestFinished } from "vitest";
import { missing } from "../fixtures/parts.ts";
import { runLab, startLab } from "../fixtures/runLab.ts";

const without = await missing("proxy/squid", "load/wrk", "limiter/cgroup");
const slowMs = 300_000;

it.skipIf(without)(
  "a part of the study, interrupted, goes on where it was, and ends in a report",
  async () => {
    const dir = mkdtempSync(join(tmpdir(), "lab-study-"));
    onTestFinished(() => rmSync(dir, { recursive: true, force: true }));
    const [store, out] = [join(dir, "lab.sqlite"), join(dir, "report")];

    const first = startLab(["study", "squid-as-shipped", "--quick", "--out", out], { store });
    await first.until(/\[2\/6\]/);
    first.child.kill("SIGINT");
    const interrupted = await first.finished;
    expect(interrupted.code).toBe(130);
    expect(interrupted.stderr).toContain("go on with: ./lab study --resume");
    expect(existsSync(out)).toBe(false);

    const second = await runLab(["study", "squid-as-shipped", "--resume", "--out", out], { store });
    expect(second).toMatchObject({ code: 0, stdout: `wrote ${join(out, "report.html")}\n` });
    // It was quick before, so it is quick now, and what was measured is not measured again.
    expect(second.stderr).toMatch(/: [1-4] trials/);
    const html = readFileSync(join(out, "report.html"), "utf8");
    expect(html).toContain("Quick study: 6 trials in 1 sweep");
    expect(html).toContain("Forward proxies, as shipped");
  },
  slowMs,
);
