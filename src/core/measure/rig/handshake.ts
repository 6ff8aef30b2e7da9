import { connect } from "node:tls";
import type { Address, ServerTls } from "../../contract/index.ts";
import { LabError } from "../../errors.ts";

const timeoutMs = 5_000;

/** What a server agrees to. */
interface Handshake {
  /** As its library calls it: `TLSv1.3`. */
  readonly version: string | null;
  /** What is spoken over it, `h2` or `http/1.1`, where the server says. */
  readonly protocol: string | false | null;
  readonly resumed: boolean;
  readonly session: Buffer | undefined;
}

/** What a proxy that listens over TLS is to speak; what is absent may be as it likes. */
export interface WantedTls {
  readonly version?: ServerTls["version"] | undefined;
  readonly resumption?: boolean | undefined;
  readonly http2: boolean;
}

/**
 * Makes sure that a proxy speaks with clients as it was told, by handshakes: a load tool would take what it gets.
 * Throws LAB_NOT_READY.
 */
export async function requireHandshake(name: string, at: Address, wanted: WantedTls): Promise<void> {
  const { version, resumption, http2 } = wanted;
  if (http2 && (await handshake(at, { protocols: ["h2", "http/1.1"] })).protocol !== "h2")
    throw unlike(name, "offers no HTTP/2", "see its configuration");
  if (version === undefined) return;
  const first = await handshake(at, { protocols: ["http/1.1"] });
  if (first.version !== `TLSv${version}`) throw unlike(name, `speaks ${first.version}, not TLS ${version}`);
  if (resumption === undefined) return;
  const { session } = first;
  const second = await handshake(at, { protocols: ["http/1.1"], ...(session && { session }) });
  if (second.resumed === resumption) return;
  throw resumption
    ? unlike(name, "does not resume sessions", "measure full handshakes: --tls-handshake full")
    : unlike(name, "resumes sessions, though it was told not to");
}

/** Some servers send what a session is resumed by together with their first answer. */
const question = "HEAD / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";

interface Offer {
  readonly protocols: string[];
  readonly session?: Buffer;
}

/** One connection. Rejects with LAB_NOT_READY where there is none in time. */
async function handshake({ host, port }: Address, { protocols, session }: Offer): Promise<Handshake> {
  const { promise, resolve, reject } = Promise.withResolvers<Handshake>();
  const socket = connect({
    ...{ host, port, timeout: timeoutMs, ALPNProtocols: protocols, session },
    rejectUnauthorized: false, // the lab started the server
  });
  let given: Buffer | undefined;
  const settle = () => {
    const [version, protocol, resumed] = [socket.getProtocol(), socket.alpnProtocol, socket.isSessionReused()];
    resolve({ version, protocol, resumed, session: given });
  };
  socket.on("session", (one) => {
    given = one;
  });
  socket.once("secureConnect", () => {
    if (socket.alpnProtocol === "h2") return void settle();
    socket.write(question);
    socket.once("data", settle).once("close", settle);
  });
  socket.once("timeout", () => socket.destroy(new Error(`no handshake in ${timeoutMs / 1000} s`)));
  socket.on("error", ({ message }) => reject(new LabError("LAB_NOT_READY", `no TLS handshake: ${message}`)));
  try {
    return await promise;
  } finally {
    socket.destroy();
  }
}

function unlike(name: string, what: string, help?: string): LabError {
  return new LabError("LAB_NOT_READY", `${name} ${what}`, { help });
}
