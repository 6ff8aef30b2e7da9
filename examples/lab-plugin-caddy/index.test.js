import assert from "node:assert/strict";
import { test } from "node:test";
import { conformanceChecks } from "proxy-lab/conformance";
import caddy from "./index.js";

// The rules that start nothing, here. `lab plugins check` also starts Caddy, where it is installed.
for (const { name, run } of conformanceChecks(caddy)) test(name, () => run());

const setup = {
  role: "reverse",
  profile: "fair",
  listen: { host: "127.0.0.1", port: 8080 },
  origins: [
    { host: "127.0.0.1", port: 9001 },
    { host: "127.0.0.1", port: 9002 },
  ],
  threads: 2,
  openFiles: 8192,
  connections: 150,
  scratchDir: "/scratch",
  instance: "labA1",
  options: {},
};

test("passes requests on to all origins in turn", () => {
  const { Caddyfile } = caddy.plan(setup).files;
  assert.match(Caddyfile, /reverse_proxy 127\.0\.0\.1:9001 127\.0\.0\.1:9002 \{\n\t\tlb_policy round_robin/);
});

test("keeps a connection to an origin for every client", () => {
  assert.match(caddy.plan(setup).files.Caddyfile, /keepalive_idle_conns_per_host 300\n/);
});

test("uses as many threads as it is told", () => {
  assert.deepEqual(caddy.plan(setup).env, { GOMAXPROCS: "2" });
});

test("leaves Caddy's own settings alone as shipped", () => {
  const plan = caddy.plan({ ...setup, profile: "as-shipped" });
  assert.deepEqual(plan.env, {});
  assert.doesNotMatch(plan.files.Caddyfile, /keepalive/);
  assert.equal(plan.deviations, undefined);
});
