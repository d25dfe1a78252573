import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Session, TransactionStatus } from '../../src/engine/index.ts';
import { Conversation } from '../../src/wire/conversation.ts';
import { MessageSink } from '../../src/wire/message/sink.ts';
import { MessageSource } from '../../src/wire/message/source.ts';
import type { Portal } from '../../src/wire/portal.ts';
import { namesOf, RawClient } from '../support/raw-client.ts';
import { socketPair, type SocketPair } from '../support/socket-pair.ts';

let pair: SocketPair;
let client: RawClient;
let status: TransactionStatus;
let syncs: boolean[];
let conversation: Conversation;

const prepared = { statement: { text: '', parameterTypes: [], schema: undefined }, parameterOids: [] };
const portal = (): Portal => ({ prepared, parameters: [], formats: [], cursor: undefined, isDone: true });

beforeEach(async () => {
  pair = await socketPair();
  client = new RawClient(pair.far);
  status = 'idle';
  syncs = [];
  const session = {
    get transactionStatus() {
      return status;
    },
    sync: async (isFailed: boolean) => void syncs.push(isFailed),
  } as unknown as Session;
  conversation = new Conversation(session, new MessageSource(pair.near), new MessageSink(pair.near));
  await conversation.portals.addPortal('p', portal());
});
afterEach(() => pair.close());

const hasPortal = (): boolean => {
  try {
    return conversation.portals.portal('p') !== undefined;
  } catch {
    return false;
  }
};

describe('Conversation', () => {
  it.each<[TransactionStatus, string]>([
    ['idle', 'I'],
    ['transaction', 'T'],
    ['failed', 'E'],
  ])('reports %s as %s', async (current, letter) => {
    status = current;
    await conversation.ready();
    expect(await client.until('readyForQuery')).toMatchObject([{ status: letter }]);
  });

  it('ends portals with a Sync outside a transaction, and not within', async () => {
    status = 'transaction';
    await conversation.sync(false);
    expect(hasPortal()).toBe(true);
    status = 'idle';
    await conversation.sync(false);
    expect(hasPortal()).toBe(false);
    expect(syncs).toEqual([]);
  });

  it('ends the implicit transaction of a pipeline, with its portals, once', async () => {
    status = 'transaction';
    conversation.isPipelineOpen = true;
    await conversation.sync(true);
    await conversation.sync(false);
    expect(syncs).toEqual([true]);
    expect(hasPortal()).toBe(false);
  });

  it('leaves the transaction to the client after BEGIN', async () => {
    conversation.isPipelineOpen = true;
    await conversation.completeCommand({ kind: 'command', tag: 'BEGIN' }, 'idle');
    status = 'transaction';
    await conversation.sync(false);
    expect(syncs).toEqual([]);
    expect(hasPortal()).toBe(true);
  });

  it('ends portals with their transaction', async () => {
    await conversation.completeCommand({ kind: 'command', tag: 'COMMIT' }, 'transaction');
    expect(hasPortal()).toBe(false);
  });

  it('reports an empty statement as such', async () => {
    await conversation.completeCommand({ kind: 'command', tag: '' }, 'idle');
    await conversation.completeCommand({ kind: 'command', tag: 'SET' }, 'idle');
    await conversation.ready();
    expect(namesOf(await client.until('readyForQuery'))).toEqual([
      'emptyQuery',
      'commandComplete',
      'readyForQuery',
    ]);
  });
});
