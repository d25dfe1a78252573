/**
 * Copies of a chunk's arrays, which the binding makes, let go of before garbage is collected. Else V8 collects only
 * when tens of megabytes have piled up, so that each copy is written to memory that no cache holds, and that the
 * operating system had to provide.
 */
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

type Transfer = (this: ArrayBuffer, byteLength: number) => ArrayBuffer;

/** ES2024's `ArrayBuffer.prototype.transfer`; Node 20 has it behind a flag, for contexts that are made after it is set. */
function findTransfer(): Transfer {
  const transferOf = 'ArrayBuffer.prototype.transfer';
  const known = (ArrayBuffer.prototype as { readonly transfer?: Transfer }).transfer;
  if (known !== undefined) return known;
  setFlagsFromString('--harmony-rab-gsab-transfer');
  return runInNewContext(transferOf) as Transfer;
}

const transfer = findTransfer();

/** Frees the memory of an array that has it for itself, and to which nothing but empty views will refer from now on. */
export function releaseCopy(view: ArrayBufferView): void {
  const { buffer } = view;
  if (buffer instanceof ArrayBuffer && buffer.byteLength === view.byteLength) transfer.call(buffer, 0);
}
