import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import fc from "fast-check";
import { describe, expect, it, onTestFinished } from "vitest";
import { gridScenario } from "../../../../src/core/experiment/defaults.ts";
import { entranceAt, requestThrough, urlOf } from "../../../../src/core/measure/rig/entrance.ts";
import {
  filledIn,
  placeholdersIn,
  readConfiguration,
  sameConfiguration,
} from "../../../../src/core/measure/rig/ownConfiguration.ts";
import { expectRejection } from "../../../fixtures/errors.ts";

/** A folder with these files. */
function folderWith(files: Readonly<Record<string, string | Buffer>>): string {
  const folder = mkdtempSync(join(tmpdir(), "own-configuration-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), content);
  }
  return folder;
}

const values = { listen: "127.0.0.1:8000", host: "127.0.0.1", port: "8000", origins: "one\ntwo", folder: "/own" };

describe("a configuration of the user's own", () => {
  it("is read from files, and from folders with all that is in them", async () => {
    const folder = folderWith({ "main.cfg": "a", "conf.d/one.cfg": "b", "conf.d/deep/two.cfg": "c" });
    const own = await readConfiguration([join(folder, "main.cfg"), join(folder, "conf.d")]);
    expect(own.main).toBe("main.cfg");
    expect(own.files).toEqual({ "main.cfg": "a", "conf.d/one.cfg": "b", "conf.d/deep/two.cfg": "c" });
  });

  it("is the same wherever it lies, and another one with another text or another name", async () => {
    const hashOf = async (name: string, text: string) =>
      (await readConfiguration([join(folderWith({ [name]: text }), name)])).sha256;
    expect(await hashOf("a.cfg", "x")).toBe(await hashOf("a.cfg", "x"));
    expect(await hashOf("a.cfg", "y")).not.toBe(await hashOf("a.cfg", "x"));
    expect(await hashOf("b.cfg", "x")).not.toBe(await hashOf("a.cfg", "x"));
  });

  it("is refused where it has changed since the sweep was planned", async () => {
    const file = join(folderWith({ "a.cfg": "x" }), "a.cfg");
    const { sha256 } = await readConfiguration([file]);
    const scenario = { ...gridScenario, configuration: [file], configurationSha256: sha256 };
    expect((await sameConfiguration(scenario))?.files).toEqual({ "a.cfg": "x" });
    writeFileSync(file, "y");
    await expectRejection(sameConfiguration(scenario), "LAB_CONFIGURATION", file);
  });

  it.each([
    ["that is not there", {}, "a.cfg"],
    ["that is no text", { "a.cfg": Buffer.from([0, 1]) }, "a.cfg"],
    ["that is very large", { "a.cfg": "x".repeat(5_000_000) }, "a.cfg"],
  ])("is refused with a file %s", async (_, files, name) => {
    await expectRejection(readConfiguration([join(folderWith(files), name)]), "LAB_CONFIGURATION", name);
  });

  it("has its placeholders filled in, further lines as far to the right as the first", () => {
    expect(filledIn("bind {{listen}}\n    {{origins}}\nend", values)).toBe(
      "bind 127.0.0.1:8000\n    one\n    two\nend",
    );
    expect(filledIn("{{host}} and {{port}} in {{folder}}", values)).toBe("127.0.0.1 and 8000 in /own");
  });

  it("keeps everything else as it is", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), (text) => {
        fc.pre(!/\{\{(listen|host|port|origins|folder)\}\}/.test(text));
        expect(filledIn(text, values)).toBe(text);
      }),
    );
  });

  it("tells which placeholders it has; templates of the proxy's own are none", () => {
    expect([...placeholdersIn({ files: { a: '{{listen}} {{ env "HOME" }}', b: "{{origins}}" } })]).toEqual([
      "listen",
      "origins",
    ]);
  });
});

describe("the entrance of a proxy", () => {
  const listen = { host: "127.0.0.1", port: 8000 };
  const origin = { host: "127.0.0.1", port: 9001 };

  it("is where the lab lets it listen, and what the origins are asked for", () => {
    const entrance = entranceAt(listen, "reverse", undefined);
    expect(urlOf(entrance, "/x")).toBe("http://127.0.0.1:8000/x");
    expect(requestThrough(entrance, origin, "/x")).toEqual({ path: "/x", options: { secure: false } });
  });

  it("is where a URL says, in which the lab's address may be filled in", () => {
    expect(urlOf(entranceAt(listen, "reverse", "https://{{listen}}/a?b=1"), "/x")).toBe("https://127.0.0.1:8000/a?b=1");
    expect(entranceAt(listen, "reverse", "https://[::1]:8443/").listen).toEqual({ host: "::1", port: 8443 });
    expect(entranceAt(listen, "reverse", "http://127.0.0.1/").listen.port).toBe(80);
  });

  it("of a forward proxy is asked for an origin in absolute form", () => {
    const { path, options } = requestThrough(entranceAt(listen, "forward", undefined), origin, "/x");
    expect(path).toBe("http://127.0.0.1:9001/x");
    expect(options).toEqual({ host: "127.0.0.1:9001" });
  });
});
