import { join } from "node:path";
import type { ServerTls } from "../../contract/index.ts";
import type { Scenario } from "../../domain/point.ts";

type Key = NonNullable<Scenario["tls"]>;

/** TLS that a proxy is to speak, with a certificate of the lab's making. */
export interface TlsWish extends Pick<ServerTls, "version" | "resumption"> {
  readonly key: Key;
}

/** The TLS that a scenario asks for; `undefined` where it asks for none. */
export function tlsWish({ tls, tlsVersion, tlsHandshake }: Scenario): TlsWish | undefined {
  return tls && { key: tls, version: tlsVersion ?? "1.3", resumption: tlsHandshake !== "full" };
}

const names = { certificate: "tls/certificate.pem", key: "tls/key.pem", combined: "tls/combined.pem" };

/** What a plugin is told of it: where its files are, below a folder. */
export function serverTls(folder: string, { version, resumption }: TlsWish): ServerTls {
  return {
    certificateFile: join(folder, names.certificate),
    keyFile: join(folder, names.key),
    combinedFile: join(folder, names.combined),
    version,
    resumption,
  };
}

/** Those files: paths relative to the folder -> text. */
export async function tlsFiles(wish: TlsWish): Promise<Record<string, string>> {
  const { certificate, key } = await certificateOf(wish.key);
  return { [names.certificate]: certificate, [names.key]: key, [names.combined]: `${certificate}\n${key}` };
}

/** In PEM. */
interface Certificate {
  readonly certificate: string;
  readonly key: string;
}

const made = new Map<Key, Promise<Certificate>>();

/** A certificate for names of this machine, the same for all that ask for one with such a key. */
export function certificateOf(kind: Key): Promise<Certificate> {
  const making = made.get(kind) ?? makeCertificate(kind);
  made.set(kind, making);
  return making;
}

const dayMs = 86_400_000;

/** Signed by itself; good for the longest sweep, and for clocks that are a little off. */
async function makeCertificate(kind: Key): Promise<Certificate> {
  const { generate } = await import("selfsigned");
  const { cert, private: key } = await generate([{ name: "commonName", value: "localhost" }], {
    ...(kind === "ecdsa" ? { keyType: "ec", curve: "P-256" } : { keyType: "rsa", keySize: 2048 }),
    algorithm: "sha256",
    notBeforeDate: new Date(Date.now() - dayMs),
    notAfterDate: new Date(Date.now() + 365 * dayMs),
    extensions: [
      { name: "basicConstraints", cA: false },
      { name: "keyUsage", digitalSignature: true, keyEncipherment: kind === "rsa" },
      {
        name: "subjectAltName",
        altNames: [
          { type: 2, value: "localhost" },
          { type: 7, ip: "127.0.0.1" },
          { type: 7, ip: "::1" },
        ],
      },
    ],
  });
  return { certificate: cert, key };
}
