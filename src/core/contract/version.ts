/**
 * Version of the plugin contract (semantic versioning). A plugin package names the range it needs as
 * `"proxyLab": { "api": "^2.0.0" }` in its package.json; the lab checks it before it imports the package.
 */
export const API_VERSION = "2.1.0";

/** The newest of each major version that this lab keeps: plugins for contract 1 work as they did. */
export const API_VERSIONS: readonly string[] = ["1.4.0", API_VERSION];
