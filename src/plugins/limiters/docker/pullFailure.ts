const causes: readonly (readonly [RegExp, (name: string) => string])[] = [
  [
    /no space left on device/i,
    () => "there is no space left where Docker keeps its images; make room (docker system prune), then run this again",
  ],
  [
    /no matching manifest|does not match the specified platform/i,
    (name) => `there is no build of it for this machine's processor; name another image than ${name} as imageSource`,
  ],
  [
    /toomanyrequests|rate limit/i,
    (name) => `the registry allows no more pulls for now; wait, or log in and run: docker pull ${name}`,
  ],
  [
    /unauthorized|authentication required|no basic auth/i,
    (name) => `it needs a login; run: docker login, docker pull ${name}`,
  ],
  [
    /manifest unknown|manifest for .* not found|repository .* not found|not found: manifest|pull access denied|name unknown/i,
    () => "the registry has no such image, or shows it only after a login; check the name of the image",
  ],
  [/invalid reference format/i, () => "this is not the name of an image; correct imageSource in plugins.json"],
  [
    /no such host|name resolution|connection refused|network is unreachable|no route to host|i\/o timeout|timeout exceeded|deadline exceeded|handshake|proxyconnect|EOF|connection reset/i,
    (name) =>
      `the Docker daemon cannot reach its registry; look at the network (and the daemon's proxy settings), or bring it by hand: docker load, then docker tag IMAGE ${name}`,
  ],
];

/** Why an image could not be pulled and what to do, in one line, from what the daemon said. */
export function explainPull(name: string, said: string): string {
  const plain = said
    .replace(/^\(HTTP code \d+\) [^-]* - /, "")
    .trim()
    .replaceAll(/\s+/g, " ");
  const cause = causes.find(([pattern]) => pattern.test(plain))?.[1](name);
  return `the image ${name} cannot be pulled: ${cause === undefined ? plain : `${cause} (Docker says: ${plain})`}`;
}
