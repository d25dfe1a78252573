import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Catalog, openCatalog, prepareCatalogTables } from '../../src/catalog/index.ts';
import { Types } from '../../src/core/index.ts';
import type { Database, DatabaseConnection } from '../../src/database/index.ts';
import { openTestDatabase } from '../support/open-database.ts';
import { sampleArtifact, sampleModel } from '../support/sample-model.ts';

let database: Database;
let connection: DatabaseConnection;
let other: DatabaseConnection;
let catalog: Catalog;
let otherCatalog: Catalog;
beforeEach(async () => {
  database = await openTestDatabase();
  [connection, other] = [await database.connect(), await database.connect()];
  [catalog, otherCatalog] = [openCatalog(connection), openCatalog(other)];
  await prepareCatalogTables(connection);
  await prepareCatalogTables(connection);
});
afterEach(() => database.close());

const model = (version = 1) => sampleModel('public', 'Churn', version);
const versions = async (of: Catalog): Promise<number[]> =>
  (await of.list()).map((entry) => entry.versionNumber);

describe('entries', () => {
  it('come back as they were put, by any case of their name', async () => {
    await catalog.put(model(), sampleArtifact, false);
    for (const [schema, name] of [
      ['public', 'Churn'],
      ['PUBLIC', 'CHURN'],
      [undefined, 'churn'],
    ] as const) {
      expect(await otherCatalog.find(schema, name)).toStrictEqual(model());
    }
    expect(await catalog.find('main', 'churn')).toBeUndefined();
    expect(await catalog.loadArtifact(model())).toEqual(sampleArtifact);
  });

  it('come back without a label and a comment', async () => {
    const plain = {
      ...model(),
      label: undefined,
      comment: undefined,
      labels: [],
      task: 'clustering' as const,
    };
    await catalog.put(plain, sampleArtifact, false);
    expect(await catalog.find('public', 'churn')).toStrictEqual(plain);
  });

  it('are found through the search path, and listed by schema', async () => {
    await connection.run('create schema lab');
    await catalog.put(sampleModel('lab', 'b'), sampleArtifact, false);
    await catalog.put(sampleModel('lab', 'A', 2), sampleArtifact, false);
    await catalog.put(sampleModel('public', 'c', 3), sampleArtifact, false);
    expect(await catalog.find(undefined, 'b')).toBeUndefined();
    await connection.run("set search_path = 'lab,public'");
    expect((await catalog.find(undefined, 'b'))?.schemaName).toBe('lab');
    expect((await catalog.list()).map((entry) => entry.name)).toEqual(['A', 'b', 'c']);
    expect((await catalog.list('LAB')).map((entry) => entry.name)).toEqual(['A', 'b']);
  });

  it('change in comment and labels only', async () => {
    await catalog.put(model(), sampleArtifact, false);
    await catalog.annotate(model(), { comment: null });
    await catalog.annotate(model(), { labels: [['a', 'b']], comment: 'new' });
    await catalog.annotate(model(), {});
    expect(await catalog.find('public', 'churn')).toStrictEqual({
      ...model(),
      comment: 'new',
      labels: [['a', 'b']],
    });
    await expect(catalog.annotate(sampleModel('public', 'gone'), { comment: 'x' })).rejects.toMatchObject({
      state: '42704',
    });
  });

  it('go with their artifact', async () => {
    await catalog.put(model(), sampleArtifact, false);
    await catalog.drop(model());
    expect(await catalog.list()).toEqual([]);
    expect(await connection.rows('select count(*) from augur.model_artifact')).toEqual([[0n]]);
    await expect(catalog.drop(model())).rejects.toMatchObject({ state: '42704' });
  });

  it('are shown to users in augur.models', async () => {
    await catalog.put(model(), sampleArtifact, false);
    expect(
      await connection.rows(`select schema_name, model_name, model_type, version, created_at, owner, label,
        features, training_rows, evaluation_rows, options->>'max_iterations', labels[0][1]::varchar,
        comment, artifact_bytes, checksum
        from augur.models`),
    ).toEqual([
      [
        'public',
        'Churn',
        'LOGISTIC_REG',
        1,
        1_700_000_000_123_456n,
        'ada',
        'y',
        ['x', 'words', 'price'],
        80n,
        20n,
        '20',
        '"core"',
        "it's mine",
        5000n,
        model().artifactChecksum,
      ],
    ]);
    connection.screen('select model_name from augur.models');
    expect(() => connection.screen('select * from augur.model_entry')).toThrow('permission denied');
  });
});

describe('names', () => {
  it('are taken once, in one namespace with tables and views', async () => {
    await catalog.put(model(), sampleArtifact, false);
    await expect(catalog.put(sampleModel('public', 'CHURN', 2), sampleArtifact, false)).rejects.toMatchObject(
      { state: '42710' },
    );
    await connection.run('create table sales (a int)');
    await connection.run('create view recent as select 1');
    for (const name of ['Sales', 'recent']) {
      const put = catalog.put(sampleModel('public', name, 2), sampleArtifact, true);
      await expect(put).rejects.toMatchObject({ state: '42P07' });
    }
    await expect(catalog.put(sampleModel('nowhere', 'm'), sampleArtifact, false)).rejects.toMatchObject({
      state: '3F000',
    });
    expect(await versions(catalog)).toEqual([1]);
  });

  it('tell what stands under them', async () => {
    await catalog.put(model(), sampleArtifact, false);
    await connection.run('create table main.old (a int)');
    await connection.run('create temp table scratch (a int)');
    await connection.run('create view public.recent as select 1');
    expect(await catalog.relationKind(undefined, 'CHURN')).toEqual({ kind: 'model', schemaName: 'public' });
    expect(await catalog.relationKind(undefined, 'Old')).toEqual({ kind: 'table', schemaName: 'main' });
    expect(await catalog.relationKind('public', 'old')).toBeUndefined();
    expect(await catalog.relationKind(undefined, 'scratch')).toEqual({ kind: 'table', schemaName: 'temp' });
    expect(await catalog.relationKind('Public', 'recent')).toEqual({ kind: 'view', schemaName: 'public' });
    expect(await catalog.relationKind(undefined, 'nothing')).toBeUndefined();
  });
});

describe('transactions', () => {
  it('replace a model twice, and drop and create it, in one', async () => {
    await catalog.put(model(1), sampleArtifact, false);
    await connection.run('begin');
    await catalog.put(model(2), sampleArtifact, true);
    await catalog.put(model(3), sampleArtifact, true);
    await catalog.annotate(model(3), { comment: 'third' });
    await catalog.drop(model(3));
    await catalog.put(model(4), sampleArtifact, false);
    expect(await versions(catalog)).toEqual([4]);
    expect(await versions(otherCatalog)).toEqual([1]);
    await connection.run('commit');
    expect(await versions(otherCatalog)).toEqual([4]);
    expect(await connection.rows('select version_id from augur.model_artifact')).toEqual([
      [model(4).versionId],
    ]);
  });

  it('give back at ROLLBACK what they replaced or dropped', async () => {
    await catalog.put(model(1), sampleArtifact, false);
    for (const change of [() => catalog.put(model(2), sampleArtifact, true), () => catalog.drop(model(1))]) {
      await connection.run('begin');
      await change();
      await connection.run('rollback');
      expect(await catalog.find('public', 'churn')).toStrictEqual(model(1));
      expect(await catalog.loadArtifact(model(1))).toEqual(sampleArtifact);
    }
  });

  it.each([false, true])(
    'creating one name at once: one fails, and one row stands (replace %s)',
    async (replace) => {
      await connection.run('begin');
      await other.run('begin');
      await catalog.put(model(1), sampleArtifact, replace);
      await otherCatalog.put(model(2), sampleArtifact, replace);
      await connection.run('commit');
      await expect(other.run('commit')).rejects.toMatchObject({ state: '40001' });
      expect(await versions(otherCatalog)).toEqual([1]);
      expect(await connection.rows('select count(*) from augur.model_artifact')).toEqual([[1n]]);
    },
  );

  it('replacing, annotating or dropping one model at once: the second fails', async () => {
    await catalog.put(model(1), sampleArtifact, false);
    const changes = [
      () => otherCatalog.put(model(3), sampleArtifact, true),
      () => otherCatalog.annotate(model(1), { comment: 'x' }),
      () => otherCatalog.drop(model(1)),
    ];
    for (const change of changes) {
      await connection.run('begin');
      await other.run('begin');
      await catalog.put(model(2), sampleArtifact, true);
      await expect(change()).rejects.toMatchObject({ state: '40001' });
      await connection.run('rollback');
      await other.run('rollback');
    }
    expect(await versions(catalog)).toEqual([1]);
  });
});

describe('views over models', () => {
  it('are kept, replaced and dropped', async () => {
    const view = {
      schemaName: 'public',
      name: 'V',
      statementText: 'CREATE VIEW v AS …',
      models: [['public', 'm']],
    } as const;
    await catalog.putView(view);
    await connection.run('begin');
    await catalog.putView({ ...view, models: [] });
    await catalog.putView({
      ...view,
      models: [
        ['a', 'b'],
        ['c', 'd'],
      ],
    });
    await connection.run('commit');
    expect(await otherCatalog.listViews()).toEqual([
      {
        ...view,
        models: [
          ['a', 'b'],
          ['c', 'd'],
        ],
      },
    ]);
    await catalog.dropView('PUBLIC', 'v');
    expect(await catalog.listViews()).toEqual([]);
  });
});

describe('loadArtifact', () => {
  it('refuses bytes that changed or are missing', async () => {
    await catalog.put(model(), sampleArtifact, false);
    const changed = Uint8Array.from(sampleArtifact, (byte, index) => (index === 777 ? byte ^ 1 : byte));
    await connection.run('update augur.model_artifact set bytes = $1', [changed], [Types.bytea]);
    await expect(catalog.loadArtifact(model())).rejects.toMatchObject({ state: 'XX001' });
    await connection.run('delete from augur.model_artifact');
    await expect(catalog.loadArtifact(model())).rejects.toMatchObject({ state: 'XX001' });
  });
});

describe('the file', () => {
  it('keeps models when it is closed and opened again', async () => {
    const directory = mkdtempSync(join(tmpdir(), 'augur-catalog-'));
    const file = join(directory, 'models.db');
    for (const version of [1, 2, 3]) {
      const stored = await openTestDatabase({ file });
      const session = await stored.connect();
      await prepareCatalogTables(session);
      const opened = openCatalog(session);
      expect(await versions(opened)).toEqual(version === 1 ? [] : [version - 1]);
      await opened.put(model(version), sampleArtifact, true);
      await stored.close();
    }
    rmSync(directory, { recursive: true });
  });

  it('of format 1 stays readable', async () => {
    const fixture = JSON.parse(
      readFileSync(new URL('../fixtures/catalog-format-1.json', import.meta.url), 'utf8'),
    ) as unknown;
    await connection.run(
      `insert into augur.model_entry by name select unnest($1::json::${fixtureType})`,
      [JSON.stringify(fixture)],
      [Types.json],
    );
    expect(await catalog.find('public', 'churn')).toStrictEqual(model());
  });

  it('of a newer format is refused', async () => {
    await connection.run('update augur.catalog_format set version = 99');
    await expect(prepareCatalogTables(connection)).rejects.toMatchObject({ state: '55000' });
  });
});

/** The row of augur.model_entry as a struct, to read the fixture through. */
const fixtureType = `struct(name_key varchar, schema_name varchar, model_name varchar, version_id varchar,
  version_number integer, model_type varchar, task varchar, created_at timestamptz, owner varchar,
  comment varchar, labels varchar, label_column varchar, feature_columns varchar[],
  training_rows bigint, evaluation_rows bigint,
  options json, statement_text varchar, artifact_bytes bigint, checksum varchar, entry varchar)`;
