// The built-in proxy's process: http-proxy-3 in front of the origins, round robin. Argument: JSON {listen, origins, connections}.
import { Agent, createServer } from "node:http";
import { createProxyServer } from "http-proxy-3";

const { listen, origins, connections } = JSON.parse(process.argv[2]);
const proxy = createProxyServer({ agent: new Agent({ keepAlive: true, maxSockets: connections * 2 }) });
proxy.on("error", (_error, _request, response) => {
  if (response.writeHead && !response.headersSent) response.writeHead(502);
  response.end?.();
});

let turn = 0;
createServer({ keepAliveTimeout: 60_000 }, (request, response) => {
  const target = origins[turn++ % origins.length];
  proxy.web(request, response, { target: `http://${target.host}:${target.port}` });
}).listen(listen.port, listen.host);
