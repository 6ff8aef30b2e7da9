import { describe, expect, it } from "vitest";
import { gridSpec, toSpec } from "../../../src/core/experiment/defaults.ts";
import { parseExperiment, readExperiment } from "../../../src/core/experiment/file.ts";
import { expectError, expectRejection } from "../../fixtures/errors.ts";

const parse = (text: string) => parseExperiment(text, "e.yaml");
const expectRefusal = (text: string, told: string | RegExp) =>
  expectError(() => parse(text), "LAB_EXPERIMENT_FILE", told);

describe("an experiment file", () => {
  it("says with words what the flags say", () => {
    const wish = parse(
      "title: T\nproxy: [haproxy, traefik]\nload: wrk\ncpu: 0.1..0.4/3\nmemory: [64M]\nservers: [1, 3]\nwindow: 3s\n",
    );
    expect(wish).toEqual({
      title: "T",
      proxy: ["haproxy", "traefik"],
      load: ["wrk"],
      cpu: [0.1, 0.2, 0.4],
      memory: [64 * 2 ** 20],
      servers: [1, 3],
      window: 3,
    });
  });

  it("is refused where it means more than anybody waits for, or says it without end", () => {
    const levels = Array.from({ length: 1001 }, (_, index) => index + 1).join(",");
    expectRefusal(`cpu: [${levels}]\n`, /line 1: cpu\b.*\b1000\b/);
    expectRefusal("cpu: 0.05..0.9/100000000\n", "line 1: cpu");
    const bomb = ["a: &a [x, x, x, x, x, x, x, x, x, x]"];
    for (const [name, before] of ["ba", "cb", "dc", "ed", "fe"]) {
      bomb.push(`${name}: &${name} [${Array(10).fill(`*${before}`).join(",")}]`);
    }
    expectRefusal(`${bomb.join("\n")}\n`, "e.yaml");
  });

  it("reads text as the flags do", () => {
    expect(parse("proxy: haproxy, traefik\nwarmup: 0\nbody: 10K\n")).toEqual({
      proxy: ["haproxy", "traefik"],
      warmup: 0,
      body: 10_240,
    });
  });

  it("has offered rates as a list, a number or a text, or one share", () => {
    const written = ["rate: [500, 2000]", "rate: 500,2000", "rate: 500", "rate: 500..2000/3", "rate: 70%"];
    expect(written.map((text) => parse(`${text}\n`).rate)).toEqual([
      [500, 2000],
      [500, 2000],
      [500],
      [500, 1000, 2000],
      { shareOfCapacity: 0.7 },
    ]);
    expectRefusal("rate: [500, 70%]\n", "line 1: rate: ");
    expectRefusal("rate: 0\n", "line 1: rate: ");
  });

  it("refuses several sizes of the body, of which only one could be measured", () => {
    expectRefusal("body: 1K,10K\n", 'line 1: body: "1K,10K"');
    expectRefusal("body: [1K, 10K]\n", "line 1: body: ");
  });

  it("leaves to the defaults what it does not say", () => {
    const spec = toSpec(parse("window: 500ms"), { proxies: ["haproxy"], seed: 5 });
    expect(spec.scenario.windowSeconds).toBe(0.5);
    expect(spec).toMatchObject({ proxies: ["haproxy"], seed: 5, cpu: gridSpec.cpu });
  });

  it("names the line and the key of each problem", () => {
    expectRefusal("proxy: haproxy\ncpu: 0\nrole: sideways\n", /^e\.yaml: line 2: cpu: .*"0".*; line 3: role: /);
  });

  it("names the line of a key that it does not know", () => {
    expectRefusal("proxy: haproxy\n\nproxies: x\n", "line 3: proxies");
  });

  it("has its section quick win where it is asked for", () => {
    const text = "cpu: [0.1, 0.2]\nwindow: 5s\nquick:\n  cpu: 0.1\n";
    expect(parse(text)).toEqual({ cpu: [0.1, 0.2], window: 5 });
    expect(parseExperiment(text, "e.yaml", { quick: true })).toEqual({ cpu: [0.1], window: 5 });
    expectError(() => parseExperiment("cpu: 0.1\n", "e.yaml", { quick: true }), "LAB_EXPERIMENT_FILE", "quick");
  });

  it("names the line inside the section quick", () => {
    expectRefusal("cpu: 0.1\nquick:\n  window: 5s\n  cpu: 0\n", "line 4: quick.cpu: ");
    expectRefusal("quick:\n  cpu: 1\n  quick: 1\n", "line 3: quick.quick");
  });

  it("names the line of broken YAML", () => {
    expectRefusal("proxy: [haproxy\ncpu: 0.1\n", /^e\.yaml: line [123]: /);
  });

  it("that is not there is one clear line", async () => {
    await expectRejection(readExperiment("/no/such.yaml"), "LAB_EXPERIMENT_FILE", /^\/no\/such\.yaml /);
  });
});
