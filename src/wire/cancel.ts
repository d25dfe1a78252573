/** Backend keys: who knows a session's process id and its secret may cancel what runs there. */
import { randomBytes, timingSafeEqual } from 'node:crypto';
import type { Session } from '../engine/index.ts';

/** Secrets are 32 bits up to protocol 3.1; since 3.2 they may be longer. */
const SECRET_BYTES = 4;
const LONG_SECRET_BYTES = 32;

interface Entry {
  readonly session: Session;
  readonly secret: Buffer;
}

export class CancelRegistry {
  #entries = new Map<number, Entry>();

  /** Makes a session cancellable; gives the secret for its client. */
  register(session: Session, hasLongSecret: boolean): Buffer {
    const secret = randomBytes(hasLongSecret ? LONG_SECRET_BYTES : SECRET_BYTES);
    this.#entries.set(session.id, { session, secret });
    return secret;
  }

  unregister(session: Session): void {
    this.#entries.delete(session.id);
  }

  /** Cancels if the secret is right; whether it was. The sender of a cancel request is never told. */
  cancel(processId: number, secret: Buffer): boolean {
    const entry = this.#entries.get(processId);
    if (entry === undefined || entry.secret.length !== secret.length) return false;
    if (!timingSafeEqual(entry.secret, secret)) return false;
    entry.session.cancel();
    return true;
  }
}
