/** One connection after its startup: what the handlers of queries share. */
import type { CommandResult } from '../core/index.ts';
import type { Session, TransactionStatus } from '../engine/index.ts';
import { afterwards, type Eventual } from './eventual.ts';
import { writeBare, writeCommandComplete, writeReadyForQuery } from './message/backend.ts';
import type { MessageSink } from './message/sink.ts';
import type { MessageSource } from './message/source.ts';
import { PortalStore } from './portal.ts';

const statusLetters = { idle: 'I', transaction: 'T', failed: 'E' } as const;

export class Conversation {
  readonly session: Session;
  readonly source: MessageSource;
  readonly sink: MessageSink;
  readonly portals: PortalStore = new PortalStore();
  /** Text of the statement at work: positions of errors count in it. */
  text: string | undefined;
  /** Whether statements since the last Sync may have opened an implicit transaction, which Sync ends. */
  isPipelineOpen = false;

  constructor(session: Session, source: MessageSource, sink: MessageSink) {
    this.session = session;
    this.source = source;
    this.sink = sink;
  }

  /**
   * Reports a command; clears what it took away from the protocol: prepared statements, portals of its
   * transaction.
   */
  async completeCommand(result: CommandResult, statusBefore: TransactionStatus): Promise<void> {
    const { tag } = result;
    if (tag === 'DISCARD ALL' || tag === 'DEALLOCATE ALL') this.portals.removeAllStatements();
    if (tag === 'BEGIN' || tag === 'START TRANSACTION') this.isPipelineOpen = false;
    if (statusBefore !== 'idle' && this.session.transactionStatus === 'idle')
      await this.portals.removeAllPortals();
    if (tag === '') writeBare(this.sink.writer, 'emptyQuery');
    else writeCommandComplete(this.sink.writer, tag);
  }

  /** Ends the implicit transaction of a pipeline, and outside a transaction the life of all portals. */
  sync(isFailed: boolean): Eventual<void> {
    const isPipelineOpen = this.isPipelineOpen;
    this.isPipelineOpen = false;
    if (!isPipelineOpen && this.session.transactionStatus !== 'idle') return;
    const removed = this.portals.removeAllPortals();
    return isPipelineOpen ? afterwards(removed, () => this.session.sync(isFailed)) : removed;
  }

  /** Tells the client that it may go on, and with what transaction status. */
  ready(): Eventual<void> {
    writeReadyForQuery(this.sink.writer, statusLetters[this.session.transactionStatus]);
    return this.sink.flush();
  }
}
