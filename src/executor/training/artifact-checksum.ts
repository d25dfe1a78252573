/** The checksum that the catalogue keeps of an artifact and verifies at every load. */
import { createHash } from 'node:crypto';

/** SHA-256 in hexadecimal. */
export function artifactChecksum(artifact: Uint8Array): string {
  return createHash('sha256').update(artifact).digest('hex');
}
