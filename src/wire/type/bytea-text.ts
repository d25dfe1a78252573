/**
 * Byte strings as text, in PostgreSQL's hex and escape forms, both ways. Source: byteain and byteaout in
 * varlena.c.
 */
import { engineError, SqlState } from '../../core/index.ts';

/** `\x0a1b`. */
function byteaHexText(bytes: Uint8Array): string {
  return `\\x${Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('hex')}`;
}

/** Printable ASCII as it is, backslashes doubled, every other byte as three octal digits. */
function byteaEscapeText(bytes: Uint8Array): string {
  let text = '';
  for (const byte of bytes) {
    if (byte === 92) text += '\\\\';
    else if (byte >= 32 && byte <= 126) text += String.fromCharCode(byte);
    else text += `\\${byte.toString(8).padStart(3, '0')}`;
  }
  return text;
}

/** How byte strings print under a setting of bytea_output. */
export function byteaFormatter(byteaOutput: string): (bytes: Uint8Array) => string {
  return byteaOutput.toLowerCase() === 'escape' ? byteaEscapeText : byteaHexText;
}

function parseHex(text: string): Uint8Array {
  const digits = text.slice(2).replace(/[ \n\t\r]/g, '');
  const wrong = /[^0-9a-fA-F]/u.exec(digits);
  if (wrong !== null)
    throw engineError(SqlState.invalidParameterValue, `invalid hexadecimal digit: "${wrong[0]}"`);
  if (digits.length % 2 !== 0) {
    throw engineError(SqlState.invalidParameterValue, 'invalid hexadecimal data: odd number of digits');
  }
  return new Uint8Array(Buffer.from(digits, 'hex'));
}

/** Bytes of the hex or the escape form. */
export function parseBytea(text: string): Uint8Array {
  if (text.startsWith('\\x')) return parseHex(text);
  if (!text.includes('\\')) return new Uint8Array(Buffer.from(text, 'utf8'));
  const pieces: Buffer[] = [];
  const pattern = /[^\\]+|\\\\|\\[0-3][0-7]{2}/gy;
  while (pattern.lastIndex < text.length) {
    const piece = pattern.exec(text)?.[0];
    if (piece === undefined)
      throw engineError(SqlState.invalidTextRepresentation, 'invalid input syntax for type bytea');
    if (!piece.startsWith('\\')) pieces.push(Buffer.from(piece, 'utf8'));
    else pieces.push(Buffer.from([piece === '\\\\' ? 92 : Number.parseInt(piece.slice(1), 8)]));
  }
  return new Uint8Array(Buffer.concat(pieces));
}
