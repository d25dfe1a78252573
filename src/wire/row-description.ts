/** Columns of a result as RowDescription tells them, and the formats that a Bind asks for. */
import { engineError, protocolViolation, type Schema, SqlState } from '../core/index.ts';
import type { FieldDescription } from './message/backend.ts';
import type { FormatCode } from './message/frontend.ts';
import { typeOid } from './type/type-oid.ts';

export function describeColumns(schema: Schema, formats: readonly FormatCode[]): FieldDescription[] {
  return schema.map(({ name, type }, index) => {
    const { oid, size, modifier } = typeOid(type);
    return { name, typeOid: oid, typeSize: size, typeModifier: modifier, format: formats[index] ?? 0 };
  });
}

/** Text for every column. */
export function textFormats(schema: Schema): FormatCode[] {
  return schema.map(() => 0);
}

/**
 * One format a column or parameter, from none (all text), one (for all) or as many. Throws 08P01 otherwise.
 */
export function expandFormats(
  formats: readonly FormatCode[],
  count: number,
  what: string,
): readonly FormatCode[] {
  if (formats.length !== 0 && formats.length !== 1 && formats.length !== count) {
    throw protocolViolation(
      `bind message has ${formats.length} ${what} formats but there are ${count} ${what}s`,
    );
  }
  return formats.length === count ? formats : new Array<FormatCode>(count).fill(formats[0] ?? 0);
}

/**
 * Throws 0A000 when rows are not what the client was told: their types changed after the statement was
 * prepared.
 */
export function checkDescribed(described: Schema | undefined, actual: Schema): void {
  const isSame =
    described?.length === actual.length &&
    described.every((column, index) => typeOid(column.type).oid === typeOid(actual[index]!.type).oid);
  if (!isSame) {
    throw engineError(SqlState.featureNotSupported, 'cached plan must not change result type', {
      hint: 'Prepare the statement again.',
    });
  }
}
