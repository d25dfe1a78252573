/**
 * One socket's life:
 *
 *   starting --startup--> at rest <--ReadyForQuery-- busy --error in a pipeline--> skipping to Sync
 *                           |                        ^  ^                              |
 *                           +------- message --------+  +------------ Sync ------------+
 *
 * Whatever goes wrong stays here: an error of a statement is reported and the conversation goes on; an error
 * of the protocol, or a lost client, ends this connection and no other. A client that closed its side is
 * lost: nobody waits for what it was running, which is cancelled.
 */
import type { Socket } from 'node:net';
import {
  type EngineError,
  engineError,
  type Log,
  SqlState,
  toEngineError,
  unsupported,
} from '../core/index.ts';
import type { Session } from '../engine/index.ts';
import { Conversation } from './conversation.ts';
import { afterwards, type Eventual } from './eventual.ts';
import { writeError, writeNotice } from './error-response.ts';
import { answerExtended, type ExtendedMessage } from './extended-query.ts';
import { writeParameterStatus } from './message/backend.ts';
import { decodeFrontend, Frontend, type FrontendMessage } from './message/frontend.ts';
import type { Frame } from './message/source.ts';
import { runScript } from './simple-query.ts';
import { startUp, type StartupTerms, type Transport, transportOf } from './startup.ts';

/** Times of a connection, in milliseconds. */
export interface ConnectionTimes {
  /** From the accepted socket to the end of authentication. */
  readonly authenticationMs: number;
  /** At rest between statements; 0: no bound. */
  readonly idleMs: number;
}

type State = 'starting' | 'at-rest' | 'busy' | 'skipping' | 'ended';

/** Messages of the extended protocol: an error in one skips to Sync. */
const extendedTypes: ReadonlySet<number> = new Set([
  Frontend.parse,
  Frontend.bind,
  Frontend.describe,
  Frontend.execute,
  Frontend.close,
  Frontend.flush,
]);

export class Connection {
  #transport: Transport;
  #terms: StartupTerms;
  #times: ConnectionTimes;
  #log: Log;
  #state: State = 'starting';
  #session: Session | undefined;
  /** Why the connection ends once it is at rest. */
  #stopReason: EngineError | undefined;

  constructor(socket: Socket, terms: StartupTerms, times: ConnectionTimes, log: Log) {
    this.#transport = transportOf(socket);
    this.#terms = terms;
    this.#times = times;
    this.#log = log;
    socket.on('error', () => socket.destroy());
  }

  /** Serves until the end. Never throws. */
  async run(): Promise<void> {
    const timer = setTimeout(() => this.#transport.socket.destroy(), this.#times.authenticationMs);
    try {
      this.#session = await startUp(this.#transport, this.#terms);
      clearTimeout(timer);
      if (this.#session !== undefined) await this.#serve(this.#session);
    } catch (thrown) {
      this.#fail(toEngineError(thrown));
    } finally {
      clearTimeout(timer);
      await this.#release();
    }
  }

  /** Ends the connection with `reason` as soon as no statement runs; now, if none does. */
  stop(reason: EngineError): void {
    this.#stopReason = reason;
    if (this.#state === 'starting' || this.#state === 'at-rest') this.#fail(reason);
  }

  /** Cancels the running statement, if any. */
  cancel(reason: string): void {
    this.#session?.cancel(reason);
  }

  /** Cuts the connection. */
  destroy(): void {
    this.#transport.socket.destroy();
  }

  /** Another session ends this one: what runs is cancelled first. */
  #terminate(): void {
    const reason = engineError(SqlState.adminShutdown, 'terminating connection due to administrator command');
    this.stop(reason);
    if (!this.#isEnded()) this.cancel(reason.message);
  }

  async #serve(session: Session): Promise<void> {
    const { sink, socket, source } = this.#transport;
    const lost = (): void => {
      if (this.#state === 'busy')
        session.cancel('canceling statement because the client closed the connection');
    };
    socket.once('end', lost);
    socket.once('close', lost);
    session.onNotice = (notice) => {
      writeNotice(sink.writer, notice);
      sink.push();
    };
    session.onSettingChange = (name, value) => writeParameterStatus(sink.writer, name, value);
    session.onTerminate = () => this.#terminate();
    const conversation = new Conversation(session, source, sink);
    session.onDeallocate = (name) => conversation.portals.removeStatement(name);
    await this.#rest(conversation);
    while (!this.#isEnded()) {
      const frame = source.received() ?? (await this.#nextFrame(session));
      if (frame === undefined || frame.type === Frontend.terminate || this.#isEnded()) return;
      if (this.#state === 'at-rest') this.#state = 'busy';
      const answered = this.#answer(conversation, frame);
      if (answered instanceof Promise) await answered;
    }
  }

  /** Whether it was ended, perhaps while something else was awaited. */
  #isEnded(): boolean {
    return this.#state === 'ended';
  }

  /** The next message; at rest no longer than the client may. */
  async #nextFrame(session: Session): Promise<Frame | undefined> {
    const { source } = this.#transport;
    const bound = this.#state === 'at-rest' ? this.#restBound(session) : undefined;
    if (bound === undefined) return source.message();
    const timer = setTimeout(() => this.stop(bound.reason), bound.ms);
    try {
      return await source.message();
    } finally {
      clearTimeout(timer);
    }
  }

  /**
   * How long the client may rest, and what it is told when it did longer. In a transaction it is a setting's
   * to say.
   */
  #restBound(session: Session): { readonly ms: number; readonly reason: EngineError } | undefined {
    const isOpen = session.transactionStatus !== 'idle';
    const transactionMs = isOpen ? Number(session.setting('idle_in_transaction_session_timeout') ?? 0) : 0;
    const ms = transactionMs > 0 ? transactionMs : this.#times.idleMs;
    if (ms === 0) return undefined;
    const [state, kind] =
      transactionMs > 0
        ? [SqlState.idleInTransactionSessionTimeout, 'idle-in-transaction']
        : [SqlState.idleSessionTimeout, 'idle-session'];
    return { ms, reason: engineError(state, `terminating connection due to ${kind} timeout`) };
  }

  #answer(conversation: Conversation, frame: Frame): Eventual<void> {
    if (this.#state === 'skipping' && frame.type !== Frontend.sync) return;
    const report = (thrown: unknown): Eventual<void> => this.#report(conversation, frame, thrown);
    try {
      conversation.text = undefined;
      const answered = this.#dispatch(conversation, decodeFrontend(frame.type, frame.body));
      return answered instanceof Promise ? answered.catch(report) : answered;
    } catch (thrown) {
      return report(thrown);
    }
  }

  /** Tells the client of an error; throws those after which there is no conversation. */
  #report(conversation: Conversation, frame: Frame, thrown: unknown): Eventual<void> {
    const error = this.#noted(thrown);
    if (!this.#transport.sink.isOpen || isFatal(error, frame)) throw error;
    writeError(this.#transport.sink.writer, error, 'ERROR', conversation.text);
    if (!extendedTypes.has(frame.type)) return this.#rest(conversation);
    this.#state = 'skipping';
  }

  #dispatch(conversation: Conversation, message: FrontendMessage): Eventual<void> {
    const rest = (): Eventual<void> => this.#rest(conversation);
    switch (message.kind) {
      case 'query':
        return runScript(conversation, message.text).then(rest);
      case 'sync':
        return afterwards(conversation.sync(this.#state === 'skipping'), rest);
      case 'flush':
        return conversation.sink.flush();
      case 'function-call':
        throw unsupported('the function call message', undefined, 'Call functions in a SELECT.');
      case 'copy-data':
      case 'copy-done':
      case 'copy-fail':
        // The rest of a COPY that has failed already.
        return undefined;
      case 'password':
      case 'terminate':
        throw engineError(SqlState.protocolViolation, `unexpected message of kind ${message.kind}`);
      default:
        return answerExtended(conversation, message satisfies ExtendedMessage);
    }
  }

  /** Reports that the connection is ready; or ends it, if it was told to stop. */
  #rest(conversation: Conversation): Eventual<void> {
    return afterwards(conversation.ready(), () => {
      if (!this.#isEnded()) this.#state = 'at-rest';
      if (this.#stopReason !== undefined) this.#fail(this.#stopReason);
    });
  }

  /** Reports an error that ends the connection, and ends it. */
  #fail(error: EngineError): void {
    if (this.#state === 'ended') return;
    this.#state = 'ended';
    const { sink } = this.#transport;
    if (!sink.isOpen) return;
    this.#noted(error);
    writeError(sink.writer, error, 'FATAL');
    sink.end();
  }

  /** Any failure as an error for the client; one that is ours is logged with its stack. */
  #noted(thrown: unknown): EngineError {
    const error = toEngineError(thrown);
    if (error.state === SqlState.internalError) {
      const stack = error.cause instanceof Error ? error.cause.stack : error.stack;
      this.#log.write('error', error.message, { processId: this.#session?.id, stack });
    }
    return error;
  }

  async #release(): Promise<void> {
    this.#state = 'ended';
    const { sink } = this.#transport;
    if (this.#session !== undefined) {
      this.#terms.cancels.unregister(this.#session);
      try {
        await this.#session.close();
      } catch (thrown) {
        this.#noted(thrown);
      }
    }
    sink.writer.abandon();
    sink.end();
  }
}

/** Whether the client and the server no longer understand each other, or the client is gone. */
function isFatal(error: EngineError, frame: Frame): boolean {
  if (error.state === SqlState.connectionFailure) return true;
  return error.state === SqlState.protocolViolation && frame.type !== Frontend.bind;
}
