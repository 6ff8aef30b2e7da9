import { describe, expect, it } from "vitest";
import { lastLines, tellingLine } from "../../../../src/core/measure/rig/written.ts";

const haproxy = `[NOTICE]   (27951) : haproxy version is 2.6.12-1+deb12u4
[NOTICE]   (27951) : path to executable is /usr/sbin/haproxy
[ALERT]    (27951) : config : parsing [./haproxy.cfg:4] : unknown proxy mode 'htpp'.
[ALERT]    (27951) : config : Error(s) found in configuration file : ./haproxy.cfg
[ALERT]    (27951) : config : Fatal errors found in configuration.
`;
const nginx = `nginx: [emerg] unknown directive "lisen" in ./nginx.conf:14
`;
const python = `Traceback (most recent call last):
  File "proxy.py", line 3, in <module>
    raise ValueError("cannot happen")
ValueError: the port is taken
`;

describe("what a program wrote before it failed", () => {
  it.each([
    ["haproxy", haproxy, /unknown proxy mode/],
    ["nginx", nginx, /unknown directive/],
    ["a Python program", python, /^ValueError: the port is taken$/],
    ["one that only reports", "starting\n  port taken  \n\n", /^port taken$/],
  ])("has a line that tells why: %s", (_, written, telling) => expect(tellingLine(written)).toMatch(telling));

  it("has no such line where it wrote nothing", () => expect(tellingLine(" \n")).toBeUndefined());

  it("is kept up to its last 40 lines", () => {
    const lines = Array.from({ length: 50 }, (_, index) => `line ${index}`);
    expect(lastLines(`${lines.join("\n")}\n`).split("\n")).toEqual(lines.slice(10));
  });
});
