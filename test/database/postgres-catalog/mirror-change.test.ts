/** What is done to a mirror when the database changes, and what is left alone. */
import { expect, test } from 'vitest';
import type {
  CatalogSnapshot,
  SnapshotRelation,
} from '../../../src/database/postgres-catalog/catalog-snapshot.ts';
import { mirrorChange } from '../../../src/database/postgres-catalog/mirror-change.ts';
import { mirrorObjects } from '../../../src/database/postgres-catalog/mirror-object.ts';

function table(name: string, ...columns: readonly string[]): SnapshotRelation {
  const described = columns.map((column) => ({
    name: column,
    typeText: 'INTEGER',
    isNotNull: false,
    defaultText: undefined,
    comment: undefined,
  }));
  return {
    kind: 'table',
    schemaName: 'public',
    name,
    comment: undefined,
    columns: described,
    modelType: undefined,
  };
}

function snapshot(
  relations: readonly SnapshotRelation[],
  more: Partial<CatalogSnapshot> = {},
): CatalogSnapshot {
  return {
    fingerprint: '',
    schemas: ['public'],
    relations,
    constraints: [],
    indexes: [],
    sequences: [],
    ...more,
  };
}

const parentAndChild = (...parentColumns: readonly string[]): CatalogSnapshot =>
  snapshot([table('parent', ...parentColumns), table('child', 'parent_id'), table('other', 'a')], {
    constraints: [
      {
        kind: 'primary',
        schemaName: 'public',
        tableName: 'parent',
        columns: ['id'],
        referencedTable: undefined,
        referencedColumns: [],
        expression: undefined,
      },
      {
        kind: 'foreign',
        schemaName: 'public',
        tableName: 'child',
        columns: ['parent_id'],
        referencedTable: 'parent',
        referencedColumns: ['id'],
        expression: undefined,
      },
    ],
  });

test('an equal snapshot changes nothing', () => {
  expect(mirrorChange(mirrorObjects(parentAndChild('id')), mirrorObjects(parentAndChild('id')))).toEqual([]);
});

test('a changed table is made anew, and the foreign key of the table that refers to it', () => {
  const steps = mirrorChange(mirrorObjects(parentAndChild('id')), mirrorObjects(parentAndChild('id', 'b')));
  expect(steps.map((step) => step[0]!.replaceAll(/\s+/g, ' '))).toEqual([
    'ALTER TABLE IF EXISTS "public"."child" DROP CONSTRAINT IF EXISTS "child_parent_id_fkey"',
    'DROP TABLE IF EXISTS "public"."parent" CASCADE',
    'CREATE TABLE "public"."parent" ("id" integer, "b" integer)',
    'ALTER TABLE "public"."parent" ADD CONSTRAINT "parent_pkey" PRIMARY KEY ("id")',
    'ALTER TABLE "public"."child" ADD CONSTRAINT "child_parent_id_fkey" FOREIGN KEY ("parent_id") ' +
      'REFERENCES "public"."parent" ("id")',
  ]);
});

test('names longer than 63 bytes are cut between characters and stay apart', () => {
  const long = 'é'.repeat(40);
  const objects = mirrorObjects(snapshot([table(`${long}a`, 'a'), table(`${long}b`, 'a')]));
  expect(objects.map((object) => object.create[0]![0])).toEqual([
    `CREATE TABLE "public"."${'é'.repeat(31)}" ("a" integer)`,
    `CREATE TABLE "public"."${'é'.repeat(31)}1" ("a" integer)`,
  ]);
});
