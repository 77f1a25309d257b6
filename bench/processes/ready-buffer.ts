import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

// The least that sending so many bytes can cost: a bare server that writes a buffer it already has.
const body = Buffer.alloc(Number(process.argv[2]), 'x');
const headers = { 'content-type': 'application/json;charset=UTF-8', 'content-length': String(body.length) };

const server = createServer((_, response) => {
  response.writeHead(200, headers);
  response.end(body);
});
server.listen(0, '127.0.0.1', () => {
  process.stdout.write(`http://127.0.0.1:${(server.address() as AddressInfo).port}\n`);
});
