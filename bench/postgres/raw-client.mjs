/**
 * A PostgreSQL client that does next to nothing with what it gets: it finds messages, counts rows and
 * bytes, and so leaves the time to the servers. Trust authentication, simple and prepared queries, COPY both ways.
 */
import { once } from 'node:events';
import { connect } from 'node:net';

const COPY_CHUNK_BYTES = 64 * 1024;

function message(type, body) {
  const frame = Buffer.alloc(5 + body.length);
  frame.write(type, 0, 'latin1');
  frame.writeInt32BE(4 + body.length, 1);
  body.copy(frame, 5);
  return frame;
}

const int16 = (value) => {
  const bytes = Buffer.alloc(2);
  bytes.writeInt16BE(value);
  return bytes;
};

/** A parameter in text format: its length and its bytes, or -1. */
function textParameter(value) {
  const text = Buffer.from(value === null ? '' : String(value));
  const field = Buffer.alloc(4 + text.length);
  field.writeInt32BE(value === null ? -1 : text.length);
  text.copy(field, 4);
  return field;
}

const sync = message('S', Buffer.alloc(0));
const describePortal = message('D', Buffer.from('P\0'));
const executePortal = message('E', Buffer.from('\0\0\0\0\0'));

export class RawClient {
  #socket;
  #pending = Buffer.alloc(0);
  #waiting = [];
  #answer = { rows: 0, bytes: 0, error: undefined };
  #onCopyData = () => undefined;

  static async connect({ host, port, user, database }) {
    const client = new RawClient();
    client.#socket = connect({ host, port, noDelay: true });
    await once(client.#socket, 'connect');
    client.#socket.on('data', (chunk) => client.#read(chunk));
    client.#socket.on('error', (error) => client.#waiting.shift()?.reject(error));
    // A server that refuses a client (it is starting up still) says why and hangs up.
    client.#socket.on('close', () => client.#giveUp());
    const parameters = Buffer.from(`user\0${user}\0database\0${database}\0\0`);
    const startup = Buffer.alloc(8 + parameters.length);
    startup.writeInt32BE(startup.length, 0);
    startup.writeInt32BE(196_608, 4);
    parameters.copy(startup, 8);
    const isReady = client.#wait('Z');
    client.#socket.write(startup);
    await isReady;
    return client;
  }

  /** Runs one statement to its end: rows and bytes that came, and the seconds until all was there. */
  async query(text, onCopyData = () => undefined) {
    this.#onCopyData = onCopyData;
    return this.#timed(() => this.#socket.write(message('Q', Buffer.from(`${text}\0`))));
  }

  /** Prepares a statement under a name. */
  async prepare(name, text) {
    const parse = message('P', Buffer.concat([Buffer.from(`${name}\0${text}\0`), int16(0)]));
    return this.#timed(() => this.#socket.write(Buffer.concat([parse, sync])));
  }

  /** Runs a prepared statement with values in text format; gives what `query` gives. */
  async execute(name, values) {
    const parameters = [int16(0), int16(values.length), ...values.map(textParameter), int16(0)];
    const bind = message('B', Buffer.concat([Buffer.from(`\0${name}\0`), ...parameters]));
    return this.#timed(() => this.#socket.write(Buffer.concat([bind, describePortal, executePortal, sync])));
  }

  /** Runs COPY … FROM STDIN with these bytes. */
  async copyIn(text, bytes) {
    const start = performance.now();
    const isOpen = this.#wait('G');
    this.#socket.write(message('Q', Buffer.from(`${text}\0`)));
    await isOpen;
    const answer = await this.#timed(async () => {
      for (let at = 0; at < bytes.length; at += COPY_CHUNK_BYTES) {
        const chunk = message('d', bytes.subarray(at, at + COPY_CHUNK_BYTES));
        if (!this.#socket.write(chunk)) await once(this.#socket, 'drain');
      }
      this.#socket.write(message('c', Buffer.alloc(0)));
    });
    return { ...answer, seconds: (performance.now() - start) / 1000 };
  }

  close() {
    this.#socket.end(message('X', Buffer.alloc(0)));
  }

  async #timed(send) {
    this.#answer = { rows: 0, bytes: 0, error: undefined };
    const start = performance.now();
    const isReady = this.#wait('Z');
    await send();
    await isReady;
    const { error, ...counts } = this.#answer;
    if (error !== undefined) throw new Error(error);
    return { ...counts, seconds: (performance.now() - start) / 1000 };
  }

  #giveUp() {
    const error = new Error(this.#answer.error ?? 'the server closed the connection');
    for (const { reject } of this.#waiting.splice(0)) reject(error);
  }

  #wait(type) {
    return new Promise((resolve, reject) => this.#waiting.push({ type, resolve, reject }));
  }

  #read(chunk) {
    const bytes = this.#pending.length === 0 ? chunk : Buffer.concat([this.#pending, chunk]);
    let at = 0;
    while (at + 5 <= bytes.length) {
      const end = at + 1 + bytes.readInt32BE(at + 1);
      if (end > bytes.length) break;
      this.#take(String.fromCharCode(bytes[at]), bytes, at + 5, end);
      at = end;
    }
    this.#pending = bytes.subarray(at);
  }

  #take(type, bytes, start, end) {
    const answer = this.#answer;
    if (type === 'D' || type === 'd') {
      answer.rows++;
      answer.bytes += end - start;
      if (type === 'd') this.#onCopyData(bytes.subarray(start, end));
    } else if (type === 'C') answer.tag = bytes.toString('utf8', start, end - 1);
    else if (type === 'E') answer.error = /\0M([^\0]*)/.exec(bytes.toString('utf8', start, end))[1];
    const next = this.#waiting[0];
    if (next?.type === type) this.#waiting.shift().resolve();
    else if (type === 'E' && next?.type === 'G') this.#waiting.shift().reject(new Error(answer.error));
  }
}
