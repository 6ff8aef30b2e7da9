import { readFileSync } from "node:fs";

const packageFile = new URL("../../package.json", import.meta.url);

/** Version of the lab. */
export const labVersion: string = (JSON.parse(readFileSync(packageFile, "utf8")) as { version: string }).version;
