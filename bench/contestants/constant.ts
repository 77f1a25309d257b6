import { createServer } from 'node:http';
import { readOrder, serve } from './contestant.ts';

// The ceiling: node:http answers the same bytes to every request, and reads nothing.
const bytes = Buffer.from(readOrder().body);
const headers = { 'content-type': 'application/json', 'content-length': String(bytes.length) };

serve(
  createServer((_, response) => {
    response.writeHead(200, headers);
    response.end(bytes);
  }),
);
