import * as v from "valibot";
import {
  parseCountLevels,
  parseCpuLevels,
  parseMemoryLevels,
  parseNames,
  parseRate,
  parseSeconds,
  parseSecondsOrNone,
  parseShare,
  parseSize,
} from "../domain/levels.ts";
import { PLANS } from "../domain/spec.ts";
import { messageOf } from "../errors.ts";

const scalar = v.union([v.string(), v.number()], "must be one word or number");
const listOrOne = v.pipe(
  v.union([scalar, v.pipe(v.array(scalar), v.minLength(1, "must not be empty"))]),
  v.transform((value) => (Array.isArray(value) ? value : [value]).join(",")),
);
const count = v.pipe(
  v.number("must be a number"),
  v.integer("must be a whole number"),
  v.minValue(1, "must be at least 1"),
);
const countOrNone = v.pipe(
  v.number("must be a number"),
  v.integer("must be a whole number"),
  v.minValue(0, "must be 0 or more"),
);
const flag = v.boolean("must be true or false");

/** A parser of text as a step of a schema: what it throws becomes the issue. */
function parsed<T>(parse: (text: string, name: string) => T) {
  return v.rawTransform<string, T>(({ dataset, addIssue, NEVER }) => {
    try {
      return parse(dataset.value, "");
    } catch (error) {
      addIssue({ message: messageOf(error).replace(/^: /, "") });
      return NEVER;
    }
  });
}

function list<T>(parse: (text: string, name: string) => T[]) {
  return v.pipe(listOrOne, parsed(parse));
}

function one<T>(parse: (text: string, name: string) => T) {
  return v.pipe(scalar, v.transform(String), parsed(parse));
}

const names = list(parseNames);
const seconds = one(parseSeconds);

/** An optional key, and what an editor shows for it. */
function key<const S extends v.GenericSchema>(schema: S, description: string) {
  return v.pipe(v.optional(schema), v.description(description));
}

/** What a sweep varies and keeps fixed; keys are named as the flags of `lab sweep` are. */
const keys = {
  title: key(v.string("must be text"), "For people."),
  proxy: key(names, "Proxies: a name or a list of names."),
  load: key(names, "Load tools: wrk, ab, autocannon; vegeta with a rate only."),
  limiter: key(names, "Limiters: cgroup, docker, systemd-run."),
  role: key(v.picklist(["reverse", "forward"], "must be reverse or forward"), "What the proxies are used as."),
  cpu: key(list(parseCpuLevels), "CPU limits in cores: a list, or a range such as 0.05..0.9/5."),
  memory: key(list(parseMemoryLevels), "Memory limits such as 64M; none unless given."),
  servers: key(list(parseCountLevels), "Numbers of origin servers."),
  concurrency: key(list(parseCountLevels), "Connections of the load tool."),
  replicates: key(count, "How often each point is measured."),
  plan: key(
    v.picklist(PLANS, `must be ${PLANS.join(" or ")}`),
    "grid: every combination; random: points spread between the lowest and the highest levels; adaptive: CPU levels where they tell most.",
  ),
  trials: key(count, "Number of trials of a random or an adaptive plan."),
  until: key(one(parseShare), "End an adaptive plan once the curve between its levels is known so well, such as 5%."),
  budget: key(seconds, "Time after which no further trial is begun, such as 10m."),
  seed: key(count, "Seed of the random order."),
  profile: key(
    v.picklist(["fair", "as-shipped"], "must be fair or as-shipped"),
    "fair: threads, files, logs, cache and retries alike; as-shipped: the program's defaults.",
  ),
  keepAlive: key(flag, "Whether connections are used again."),
  window: key(seconds, "Shortest measuring window, such as 5s."),
  maxWindow: key(seconds, "Longest one, while the rate is not steady or not precise."),
  anchors: key(countOrNone, "Most trials added to repeat points over the time of the sweep."),
  rate: key(one(parseRate), "An open loop: requests/s, or 70% of what a closed loop reaches."),
  warmup: key(one(parseSecondsOrNone), "Longest load before the window that is not counted."),
  body: key(one(parseSize), "Size of the origins' answer, such as 1K."),
  originDelay: key(one(parseSecondsOrNone), "Time that an origin waits before it answers."),
  origin: key(v.string("must be text"), "URL of an origin of your own."),
  fresh: key(flag, "A new proxy process for each trial."),
};

/** An experiment file as it is written, and what it means. */
export const fileSchema = v.strictObject({
  ...keys,
  quick: key(v.strictObject(keys), "What is different with --quick."),
});

type Read = v.InferOutput<typeof fileSchema>;

/** What an experiment file or a set of flags says; absent means not said. */
export type SweepWish = { [K in Exclude<keyof Read, "quick">]?: Read[K] | undefined };
