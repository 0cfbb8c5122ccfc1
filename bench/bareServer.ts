// A handler that does nothing but read JSON and answer as many bytes as a forecast has: what HTTP alone costs.
import {createServer} from "node:http";
import type {AddressInfo} from "node:net";

const answer = JSON.stringify({text: "x".repeat(Number(process.argv[2] ?? 3500))});

const server = createServer(async (request, response) => {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk);
  JSON.parse(Buffer.concat(chunks).toString() || "null");
  response.writeHead(200, {"content-type": "application/json"}).end(answer);
});
server.listen(0, "127.0.0.1", () => {
  console.log(`listening at http://127.0.0.1:${(server.address() as AddressInfo).port}`);
});
