import assert from "node:assert/strict";
import { test } from "node:test";
import { conformanceChecks } from "proxy-lab/conformance";
import plugin from "./index.js";

// The rules that start nothing. `lab plugins check .` also tries the real program.
for (const { name, run } of conformanceChecks(plugin)) test(name, () => run());

test("has the name of its package", () => assert.equal(plugin.id, "my-plugin"));
