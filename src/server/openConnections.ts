// Which connections may be closed when the server stops? Those on which no request, and no byte of an answer, is under way.

import type {FastifyInstance, FastifyReply, FastifyRequest} from "fastify";

type Server = FastifyInstance["server"];
type Response = FastifyReply["raw"];
type Socket = FastifyRequest["raw"]["socket"];

/**
 * Makes a server stop without losing an answer. Node takes a kept-alive connection for idle once its answer has been
 * handed over, and destroys it though a slow reader has not got all of it (`closeIdleConnections`, which `close`
 * calls). Here a connection is closed after the last byte has gone.
 *
 * @returns a function that starts the closing: idle connections end now, each other one after its answer
 */
export function endConnectionsGently(server: Server): () => void {
  const underWay = new Map<Socket, Set<Response>>(); // what a connection still owes
  let closing = false;

  server.on("connection", (socket: Socket) => {
    underWay.set(socket, new Set());
    socket.once("close", () => underWay.delete(socket));
  });
  server.prependListener("request", (request, response: Response) => {
    const {socket} = request;
    underWay.get(socket)?.add(response);
    if (closing) announceEnd(response);
    response.once("close", () => {
      underWay.get(socket)?.delete(response);
      if (closing) endIdle();
    });
  });

  function endIdle(): void {
    for (const [socket, responses] of underWay) if (responses.size === 0) socket.destroySoon();
  }

  server.closeIdleConnections = endIdle;
  return () => {
    closing = true;
    for (const responses of underWay.values()) responses.forEach(announceEnd);
    endIdle();
  };
}

// So that a client does not send its next request where nobody will read it.
function announceEnd(response: Response): void {
  if (!response.headersSent) response.setHeader("connection", "close");
}
