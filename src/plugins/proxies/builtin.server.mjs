// The built-in proxy's process: http-proxy-3 in front of the origins, round robin. Argument: JSON {listen, origins, connections, tls}.
import { constants } from "node:crypto";
import { readFileSync } from "node:fs";
import { Agent, createServer } from "node:http";
import { createServer as createSecureServer } from "node:https";
import { createProxyServer } from "http-proxy-3";

const { listen, origins, connections, tls } = JSON.parse(process.argv[2]);
const proxy = createProxyServer({ agent: new Agent({ keepAlive: true, maxSockets: connections * 2 }) });
proxy.on("error", (_error, _request, response) => {
  if (response.writeHead && !response.headersSent) response.writeHead(502);
  response.end?.();
});

let turn = 0;
function pass(request, response) {
  const target = origins[turn++ % origins.length];
  proxy.web(request, response, { target: `http://${target.host}:${target.port}` });
}

const options = { keepAliveTimeout: 60_000 };
const server = tls ? createSecureServer({ ...options, ...terminating(tls) }, pass) : createServer(options, pass);
server.listen(listen.port, listen.host);

function terminating({ certificateFile, keyFile, version, resumption }) {
  return {
    cert: readFileSync(certificateFile),
    key: readFileSync(keyFile),
    minVersion: `TLSv${version}`,
    maxVersion: `TLSv${version}`,
    secureOptions: resumption ? 0 : constants.SSL_OP_NO_TICKET,
  };
}
