import type { Command } from "commander";

/** Flags that say what to measure; `lab run` and `lab sweep` share them. */
export function addSweepOptions(command: Command): Command {
  return command
    .option("--proxy <names>", "proxies, such as haproxy,traefik")
    .option("--load <names>", "load tools: wrk, ab, autocannon; vegeta, at a --rate only")
    .option("--limiter <names>", "limiters: cgroup, docker, systemd-run")
    .option("--role <role>", "reverse or forward")
    .option("--cpu <levels>", "CPU limits in cores: 0.1,0.3 or 0.05..0.9 or 0.05..0.9/5")
    .option("--memory <levels>", "memory limits: 64M,256M (none unless given)")
    .option("--servers <counts>", "numbers of origin servers: 1,3")
    .option("--concurrency <counts>", "connections of the load tool: 32")
    .option("--window <time>", "shortest measuring window: 5s")
    .option("--max-window <time>", "longest one, while the rate is not steady or not precise (twice the shortest)")
    .option("--warmup <time>", "longest load before the window that is not counted: 3s")
    .option("--rate <rate>", "open loop at this rate: 2000 requests/s, or 70% of what a closed loop reaches")
    .option("--body <size>", "size of the origins' answer: 1K")
    .option("--origin-delay <time>", "time an origin waits before it answers: 5ms")
    .option("--origin <url>", "an origin of your own instead of the lab's")
    .option("--no-keep-alive", "a new connection for each request")
    .option("--profile <name>", "fair or as-shipped")
    .option("--fresh", "a new proxy process for each trial")
    .option("--seed <number>", "seed of the random order")
    .option("--port <number>", "port for the proxy to listen on (a free one unless given)");
}
