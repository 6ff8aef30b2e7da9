import assert from "node:assert/strict";
import { test } from "node:test";
import { conformanceChecks } from "proxy-lab/conformance";
import lighttpd from "./index.js";

// The rules that start nothing, here. `lab plugins check` also starts lighttpd, where it is installed.
for (const { name, run } of conformanceChecks(lighttpd)) test(name, () => run());

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
const configuration = (changes) => lighttpd.plan({ ...setup, ...changes }).files["lighttpd.conf"];

test("passes requests on to all origins in turn", () => {
  assert.match(configuration(), /^proxy\.balance = "round-robin"$/m);
  assert.match(configuration(), /"host" => "127\.0\.0\.1", "port" => 9001 \), \( .*"port" => 9002 \)/);
});

test("has a process for each thread, and one alone for a single one", () => {
  assert.match(configuration(), /^server\.max-worker = 2$/m);
  assert.match(configuration({ threads: 1 }), /^server\.max-worker = 0$/m);
});

test("has room for every client and its connection to an origin", () => {
  assert.match(configuration(), /^server\.max-connections = 400$/m);
});

test("leaves lighttpd's own settings alone as shipped", () => {
  assert.doesNotMatch(configuration({ profile: "as-shipped" }), /server\.max-/);
  assert.equal(lighttpd.plan({ ...setup, profile: "as-shipped" }).deviations, undefined);
});
