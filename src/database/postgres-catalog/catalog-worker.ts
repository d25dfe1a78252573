/** The thread of the mirrored catalogue: opens the server once, then answers one request after the other. */
import { parentPort } from 'node:worker_threads';
import { protocol } from '@electric-sql/pglite';
import { EngineError, internalError, present, toEngineError } from '../../core/index.ts';
import type { CatalogAnswers, CatalogEnvelope, CatalogReply, CatalogRequest } from './catalog-message.ts';
import { CatalogServer } from './catalog-server.ts';
import { openDataDirectory } from './data-directory.ts';

const port = present(parentPort, 'parent thread');
let server: CatalogServer | undefined;
let last: Promise<void> = Promise.resolve();

port.on('message', (envelope: CatalogEnvelope) => {
  last = last.then(async () => port.postMessage(await reply(envelope)));
});

async function reply({ id, request }: CatalogEnvelope): Promise<CatalogReply> {
  try {
    return { id, answer: await answer(request) };
  } catch (thrown) {
    const error = toEngineError(thrown);
    const { cause: _cause, ...fields } = error.fields();
    const isFatal = !(thrown instanceof EngineError || thrown instanceof protocol.messages.DatabaseError);
    return { id, error: { message: error.message, fields }, isFatal };
  }
}

async function answer(request: CatalogRequest): Promise<CatalogAnswers[keyof CatalogAnswers]> {
  if (request.kind === 'start') {
    server = new CatalogServer(await openDataDirectory());
    return undefined;
  }
  if (server === undefined) throw internalError('the catalogue was asked before it started');
  if (request.kind === 'apply') return server.apply(request.steps);
  return request.kind === 'describe' ? server.describe(request) : server.run(request, request.parameters);
}
