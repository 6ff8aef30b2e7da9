import type { Program } from "./host.ts";
import type { Address, LaunchSpec, TlsVersion } from "./launch.ts";
import type { PluginOptions } from "./options.ts";
import type { PluginBase } from "./plugin.ts";
/** `reverse`: in front of the origins. `forward`: on the client's side; requests name the origin. */
export type Role = "reverse" | "forward";
/** `fair`: threads, files, logs, cache and retries set alike for all proxies. `as-shipped`: the program's own defaults. */
export type Profile = "fair" | "as-shipped";
/** TLS between clients and a proxy. The files are PEM, their paths absolute, and the process can read them. */
export interface ServerTls {
    readonly certificateFile: string;
    readonly keyFile: string;
    /** Certificate and key in one, for programs that want it so. */
    readonly combinedFile: string;
    /** The only version to speak. */
    readonly version: TlsVersion;
    /** Whether a new connection may resume the session of an earlier one; where not, each makes a full handshake. */
    readonly resumption: boolean;
}
/** What the lab tells a proxy plugin about the proxy it wants. */
export interface ProxySetup {
    readonly role: Role;
    /** Where the proxy must listen: for plain HTTP, or over TLS where `tls` is there. */
    readonly listen: Address;
    /** Only for proxies that know `tls`, in the reverse role. */
    readonly tls?: ServerTls;
    /** Clients speak HTTP/2, negotiated over TLS (ALPN); only for proxies that know `http2`. */
    readonly http2?: boolean;
    /** Origin servers. A reverse proxy spreads requests over them round robin. */
    readonly origins: readonly [Address, ...Address[]];
    /** Worker threads to use: the CPU limit rounded up. */
    readonly threads: number;
    /** Open files that the process will be allowed. */
    readonly openFiles: number;
    /** Client connections to be ready for: the most of any trial of the sweep. */
    readonly connections: number;
    /** Memory limit; absent means none. */
    readonly memoryBytes?: number;
    /** Absolute folder that the process can write to; relative `files` of the plan land here. */
    readonly scratchDir: string;
    /** Letters and digits, unique on this machine. Shared memory under /dev/shm whose name begins so is removed afterwards. */
    readonly instance: string;
    readonly profile: Profile;
    /** Version that `detect` found; absent if unknown. */
    readonly version?: string;
    readonly options: PluginOptions;
}
/** How the proxy is to be started. */
export interface ProxyPlan extends LaunchSpec {
    /** Settings that differ from the profile or the program's default, one short line each; stored with the trial. */
    readonly deviations?: readonly string[];
}
export interface ProxyPlugin extends PluginBase {
    readonly kind: "proxy";
    readonly program: Program;
    readonly supports: {
        readonly roles: readonly Role[];
        /** Can spread requests over several origins by itself (reverse role). */
        readonly balancing: boolean;
        /** Can speak TLS with clients (reverse role); absent means no. */
        readonly tls?: boolean;
        /** Versions in which it lets clients resume sessions on new connections; absent means none. */
        readonly tlsResumption?: readonly TlsVersion[];
        /** Can speak HTTP/2 with clients, over TLS; absent means no. */
        readonly http2?: boolean;
        /** `false`: it makes a connection to an origin for each request, and cannot do otherwise; absent: in `fair` it keeps them. */
        readonly keepsOriginConnections?: boolean;
        /** Most worker threads it can be told to use; absent means no bound. */
        readonly maxThreads?: number;
    };
    /** Settings that decide how much memory it needs, one short line each, for users who look for its least. */
    readonly memorySettings?: readonly string[];
    /** Pure: setup -> what to start. */
    plan(setup: ProxySetup): ProxyPlan;
    /**
     * Pure: what to start with a configuration of the user's own. `path`: absolute path of its first file or folder, which the
     * lab has put into the scratch folder. Of the setup `listen`, `origins` and `scratchDir` count. Absent: it cannot. Throws
     * an Error of one line for a configuration that it cannot be started with.
     */
    planOwn?(path: string, setup: ProxySetup): ProxyPlan;
    /** Pure: program and arguments that check such a configuration, and end with a code other than 0 where it is wrong. */
    checkOwn?(path: string, setup: ProxySetup): readonly [string, ...string[]];
    /** Pure: what `{{origins}}` stands for in a configuration; further lines get the indentation of the first. */
    writeOrigins?(origins: ProxySetup["origins"]): string;
    /** Pure: addresses that a text of a configuration passes requests on to, `HOST:PORT`, as far as it tells. */
    upstreamsIn?(text: string): readonly string[];
}
