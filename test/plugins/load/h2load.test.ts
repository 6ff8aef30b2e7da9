import { describe, expect, it } from "vitest";
import h2load from "../../../src/plugins/load/h2load.ts";
import { loadSetup, recorded } from "./recorded.ts";

/** The table of times since nghttp2 1.69, made by its source. */
const table = `                 min         max         median      p95         p99         mean        sd        +/- sd
request     :       30us     11.67ms       180us       512us      1.02ms       216us       248us    97.58%
connect     :       10us        59us        38us        58us        59us        38us        16us    75.00%
`;

describe("h2load", () => {
  it("speaks HTTP/2 where it is told to, and gives no figures of another protocol", () => {
    const secure = { urls: ["https://127.0.0.1:8443/"] as const };
    expect(h2load.plan(loadSetup(secure)).argv).toContain("--h1");
    expect(h2load.plan(loadSetup({ ...secure, http2: true })).argv).not.toContain("--h1");
    const output = recorded("h2load", "normal");
    const spoken = (protocol: string) => ({
      ...output,
      stdout: `Application protocol: ${protocol}\n${output.stdout.replace(/^Application protocol:.*\n/m, "")}`,
    });
    const wish = loadSetup({ http2: true });
    expect(h2load.parse(spoken("h2"), wish).completedRequests).toBeGreaterThan(0);
    expect(() => h2load.parse(spoken("http/1.1"), wish)).toThrow("http/1.1");
  });

  it("tells percentiles where it has them", () => {
    const output = recorded("h2load", "normal");
    const stdout = output.stdout.replace(/ +min .*/s, table);
    const { latencyMs } = h2load.parse({ ...output, stdout }, loadSetup());
    expect(latencyMs).toEqual({ mean: 0.216, p50: 0.18, p95: 0.512, p99: 1.02, max: 11.67 });
  });
});
