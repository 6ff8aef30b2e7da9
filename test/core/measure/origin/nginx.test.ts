import { describe, expect, it } from "vitest";
import { nginxOrigin, parseStubStatus } from "../../../../src/core/measure/origin/nginx.ts";
import { originBody } from "../../../../src/core/measure/origin/origin.ts";

const listen = { host: "127.0.0.1", port: 9000 };

describe("an origin on nginx", () => {
  it("answers with a body of the wanted size", () => {
    const { files } = nginxOrigin(listen, 100, "/scratch");
    expect(files!["nginx.conf"]).toContain(`return 200 "${originBody(100)}"`);
    expect(originBody(100)).toHaveLength(100);
  });

  it("takes a body that is too long for its configuration from a file", () => {
    const { files } = nginxOrigin(listen, 100_000, "/scratch");
    expect(files!["www/index.html"]).toHaveLength(100_000);
    expect(files!["nginx.conf"]).toContain("root /scratch/www;");
  });

  it("tells how many connections it has accepted and how many requests it has served", () => {
    const status =
      "Active connections: 1 \nserver accepts handled requests\n 35 34 257035 \nReading: 0 Writing: 1 Waiting: 0 \n";
    expect(parseStubStatus(status)).toEqual({ accepted: 35, served: 257035 });
    expect(parseStubStatus("<html>404</html>")).toBeUndefined();
  });
});
