import type { ModelParameter } from "../../../core/contract/index.ts";
import type { Name } from "./law.ts";
import type { LawState } from "./state.ts";

/** The law is fitted to any figure and does not know which. */
const ownUnit = "unit of the figure";

/** Parameters for people. `figure per core` holds at the geometric mean of the measured CPU limits. */
export function explain({ columns, means, values, scatter }: LawState): ModelParameter[] {
  const perCore = "cpu" in columns ? Math.exp(values.rate! - means.cpu!) : undefined;
  const exp = (name: Name, shift = 0) => (name in values ? Math.exp(values[name]! + shift) : undefined);
  const parameters: [string, number | undefined, string][] = [
    ["figure per core", perCore, ownUnit],
    ["exponent of cpu", values.b, ""],
    ["exponent of servers", values.bServers, ""],
    ["exponent of concurrency", values.bConcurrency, ""],
    [
      "s" in values ? "plateau of one server" : "plateau",
      exp("plateau", -(values.s ?? 0) * (means.servers ?? 0)),
      ownUnit,
    ],
    ["exponent of servers in the plateau", values.s, ""],
    ["figure per connection", exp("perConnection", -(means.concurrency ?? 0)), ownUnit],
    ["sharpness of the knee", exp("sharpness"), ""],
    ["memory at half the figure", exp("half", means.memoryBytes), "bytes"],
    ["scatter", 100 * scatter, "%"],
  ];
  return parameters.flatMap(([name, value, unit]) => (value === undefined ? [] : [{ name, value, unit }]));
}
