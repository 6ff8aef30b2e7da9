/**
 * Version of the plugin contract (semantic versioning). A plugin package names the range it needs as
 * `"proxyLab": { "api": "^1.0.0" }` in its package.json; the lab checks it before it imports the package.
 */
export declare const API_VERSION = "1.4.0";
