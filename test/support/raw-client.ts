/** A client of bare bytes: messages made by pg-protocol's serializer, answers decoded by its parser. */
import { connect, type Socket } from 'node:net';
import { Parser } from 'pg-protocol/dist/parser.js';
import type { BackendMessage } from 'pg-protocol/dist/messages.js';
import { serialize } from 'pg-protocol';

/** An answer: its name, and what else the decoder tells of it. */
export type Answer = BackendMessage & Record<string, unknown>;

export class RawClient {
  readonly socket: Socket;
  readonly answers: Answer[] = [];
  #parser: Parser = new Parser();
  #wake: (() => void) | undefined;
  isClosed = false;

  constructor(socket: Socket) {
    this.socket = socket;
    socket.on('data', (bytes) => {
      this.#parser.parse(bytes, (message) => this.answers.push(message as Answer));
      this.#wake?.();
    });
    socket.on('error', () => {});
    socket.on('close', () => {
      this.isClosed = true;
      this.#wake?.();
    });
  }

  static async connect(port: number): Promise<RawClient> {
    const socket = connect(port, '127.0.0.1');
    await new Promise((resolve, reject) => socket.once('connect', resolve).once('error', reject));
    return new RawClient(socket);
  }

  /** Connects and starts up without a password. */
  static async start(port: number, parameters: Record<string, string> = {}): Promise<RawClient> {
    const client = await RawClient.connect(port);
    client.send(serialize.startup({ user: 'someone', database: 'direct', ...parameters }));
    await client.until('readyForQuery');
    return client;
  }

  send(...messages: Buffer[]): void {
    this.socket.write(Buffer.concat(messages));
  }

  /**
   * Takes the answers up to and including the next of a name; those so far when the server closes the
   * connection.
   */
  async until(name: string): Promise<Answer[]> {
    for (;;) {
      const index = this.answers.findIndex((answer) => answer.name === name);
      if (index >= 0) return this.answers.splice(0, index + 1);
      if (this.isClosed) return this.answers.splice(0);
      await new Promise<void>((resolve) => (this.#wake = resolve));
    }
  }

  /** Waits for the end of the connection; the answers that came before it. */
  untilClosed(): Promise<Answer[]> {
    return this.until('never');
  }

  close(): void {
    this.socket.destroy();
  }
}

/** Names of answers, in order. */
export function namesOf(answers: readonly Answer[]): string[] {
  return answers.map((answer) => answer.name);
}
