// Runs a language server and writes down what is said in both directions: recorder.mjs LOG PROGRAM ARGUMENT...
//
// LOG gets a JSON object a line: {"pid"} once, then {"from": "client" | "server", "message"} in the order in
// which they passed. A message is written down before it is passed on, so that a test which sees its effect
// finds it there.
import { spawn } from 'node:child_process';
import { appendFileSync } from 'node:fs';

const [log, program, ...args] = process.argv.slice(2);
const write = (entry) => appendFileSync(log, `${JSON.stringify(entry)}\n`);

const server = spawn(program, args, { stdio: ['pipe', 'pipe', 'inherit'] });
write({ pid: server.pid });

function copy(input, output, from) {
  let held = Buffer.alloc(0);
  input.on('data', (piece) => {
    held = Buffer.concat([held, piece]);
    for (;;) {
      const end = held.indexOf('\r\n\r\n');
      if (end < 0) break;
      const length = Number(/content-length: *(\d+)/i.exec(held.toString('latin1', 0, end))[1]);
      if (held.length < end + 4 + length) break;
      write({ from, message: JSON.parse(held.toString('utf8', end + 4, end + 4 + length)) });
      held = held.subarray(end + 4 + length);
    }
    output.write(piece);
  });
  input.on('end', () => output.end());
  output.on('error', () => {}); // the other side has gone; its end is told below
}

copy(process.stdin, server.stdin, 'client');
copy(server.stdout, process.stdout, 'server');
server.on('exit', (code, signal) => process.exit(signal ? 1 : code));
