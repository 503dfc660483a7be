import type { ServerResponse } from 'node:http';
import type { FastifyReply } from 'fastify';

/**
 * Sends an answer piece by piece, each before the next is made: its memory may be used again for that one. (A stream keeps pieces
 * and does not say when they have left.)
 * @param first what could be made before anything was sent: until then an error has a status of its own
 */
export async function sendPieces(
  reply: FastifyReply,
  first: Uint8Array,
  rest: AsyncGenerator<Uint8Array>,
): Promise<FastifyReply> {
  reply.hijack();
  const { raw } = reply;
  raw.writeHead(reply.statusCode, reply.getHeaders() as Record<string, string>);
  try {
    await sent(raw, first);
    for await (const piece of rest) await sent(raw, piece);
    raw.end();
  } catch (thrown) {
    // The receiver sees that it is not whole; why it is not stands in the log, unless it left itself.
    if (!raw.destroyed) reply.log.error({ err: thrown }, 'An answer could not be sent to its end.');
    raw.destroy();
  } finally {
    await rest.return(undefined);
  }
  return reply;
}

/** Waits until a piece has left. @throws where nobody receives it any more */
function sent(response: ServerResponse, piece: Uint8Array): Promise<void> {
  return new Promise((resolve, reject) => {
    const left = (): void => reject(new Error('The receiver has left.'));
    if (response.destroyed) return left();
    response.once('close', left);
    response.write(piece, (error) => {
      response.off('close', left);
      if (error) reject(error);
      else resolve();
    });
  });
}
