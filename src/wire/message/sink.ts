/**
 * What goes to a socket: messages are gathered in a writer and written in large pieces, and the sender waits
 * while the client does not read, so that memory stays bounded however long a result is.
 */
import type { Socket } from 'node:net';
import { engineError, SqlState, WRITE_BUFFER_BYTES } from '../../core/index.ts';
import type { Eventual } from '../eventual.ts';
import { MessageWriter } from './writer.ts';

/** Room past the flush mark, so that the buffer seldom grows. */
const SLACK_BYTES = 16 * 1024;
/** Milliseconds that a client has to end its side. */
const LINGER_MS = 1_000;

export class MessageSink {
  readonly writer: MessageWriter = new MessageWriter(WRITE_BUFFER_BYTES + SLACK_BYTES);
  #socket: Socket;

  constructor(socket: Socket) {
    this.#socket = socket;
  }

  /** Whether the client can still be written to. */
  get isOpen(): boolean {
    return this.#socket.writable;
  }

  /** Hands what was gathered to the socket, without waiting. Does nothing once the client is gone. */
  push(): void {
    if (this.writer.length === 0) return;
    const socket = this.#socket;
    this.writer.send((bytes) => {
      if (this.isOpen) socket.write(bytes);
      // Nothing waits when the system took it all at once.
      return socket.writableLength === 0;
    });
  }

  /** Hands over what was gathered and waits while the client lags behind. Throws 08006 when it is gone. */
  flush(): Eventual<void> {
    this.push();
    if (this.isOpen && this.#socket.writableNeedDrain) return this.#drained().then(() => this.#checkOpen());
    this.#checkOpen();
  }

  /** Flushes if enough was gathered. */
  flushIfFull(): Eventual<void> {
    if (this.writer.length >= WRITE_BUFFER_BYTES) return this.flush();
  }

  #checkOpen(): void {
    if (!this.isOpen) throw engineError(SqlState.connectionFailure, 'the client closed the connection');
  }

  /**
   * Sends what was gathered and ends the connection; a client that does not end it too is cut off soon after.
   */
  end(): void {
    this.push();
    this.#socket.end();
    const timer = setTimeout(() => this.#socket.destroy(), LINGER_MS);
    timer.unref();
    this.#socket.once('close', () => clearTimeout(timer));
  }

  #drained(): Promise<void> {
    const socket = this.#socket;
    return new Promise((resolve) => {
      const settle = (): void => {
        socket.off('drain', settle);
        socket.off('close', settle);
        resolve();
      };
      socket.on('drain', settle);
      socket.on('close', settle);
    });
  }
}
