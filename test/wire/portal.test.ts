import { describe, expect, it } from 'vitest';
import { type Portal, PortalStore, type Prepared } from '../../src/wire/portal.ts';
import type { RowCursor } from '../../src/wire/row-cursor.ts';

const prepared: Prepared = {
  statement: { text: 'select 1', parameterTypes: [], schema: undefined },
  parameterOids: [],
};

/** A portal that notes what happens to its rows. */
function portalWith(events: string[]): Portal {
  const cursor = {
    close: async () => void events.push('close'),
    materialize: async () => void events.push('materialize'),
  } as unknown as RowCursor;
  return { prepared, parameters: [], formats: [], cursor, isDone: true };
}

describe('PortalStore', () => {
  it('replaces the unnamed statement, and refuses to replace a named one', () => {
    const store = new PortalStore();
    store.addStatement('', prepared);
    store.addStatement('s', prepared);
    expect(() => store.checkStatementName('')).not.toThrow();
    expect(() => store.checkStatementName('s')).toThrow(expect.objectContaining({ state: '42P05' }));
    expect(store.statement('s')).toBe(prepared);
    store.removeStatement('s');
    expect(() => store.statement('s')).toThrow('prepared statement "s" does not exist');
    store.removeAllStatements();
    expect(() => store.statement('')).toThrow('unnamed prepared statement does not exist');
  });

  it('closes what it replaces and removes', async () => {
    const store = new PortalStore();
    const events: string[] = [];
    await store.addPortal('', portalWith(events));
    await store.addPortal('', portalWith([]));
    expect(events).toEqual(['close']);
    await store.addPortal('p', portalWith(events));
    expect(() => store.addPortal('p', portalWith([]))).toThrow(expect.objectContaining({ state: '42P03' }));
    await store.materializePortals();
    await store.removeAllPortals();
    expect(events).toEqual(['close', 'materialize', 'close']);
    expect(() => store.portal('p')).toThrow(expect.objectContaining({ state: '34000' }));
  });
});
