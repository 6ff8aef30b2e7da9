// An origin server on Node, for machines without nginx and for delayed answers.
// Argument: JSON {listen, body, delayMs, statusPath}.
import { createServer } from "node:http";

const { listen, body, delayMs, statusPath } = JSON.parse(process.argv[2]);
const bytes = Buffer.from(body);
const headers = { "content-type": "text/plain", "content-length": bytes.length };
let accepted = 0;
let served = 0;

function answer(response) {
  response.writeHead(200, headers);
  response.end(bytes);
}

const server = createServer({ keepAliveTimeout: 3_600_000 }, (request, response) => {
  if (request.url === statusPath) return response.end(JSON.stringify({ accepted, served }));
  served++;
  if (delayMs > 0) setTimeout(answer, delayMs, response);
  else answer(response);
});
server.on("connection", () => accepted++);
server.listen({ port: listen.port, host: listen.host, backlog: 4096 });
