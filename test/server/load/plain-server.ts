import { createServer } from 'node:http';

// What the machine can do at best now: Node's own server, sending a display copy of a slice from memory. Ends with its input.
//   node plain-server.ts SOCKET
const body = Buffer.alloc(320 * 320 * 2);
createServer((_, reply) => reply.end(body)).listen(process.argv[2], () => process.stdout.write('ready\n'));
process.stdin.on('end', () => process.exit()).resume();
