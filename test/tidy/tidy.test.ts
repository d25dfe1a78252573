/** The architecture, as a test: what the house promises in ARCHITECTURE.md, held against the sources themselves. */
import { describe, expect, test } from 'vitest';
import { bannedNames, bannedWords, families, rooms, soleOwners } from './rooms.ts';
import { functionLengths, kernels, roomOf, sources, targetOf, tests, type SourceFile } from './sources.ts';

const FILE_LINES_MAX = 400;
const FILE_LINES_MEDIAN_MAX = 130;
const FUNCTION_LINES_MAX = 70;
const FACE_LINES_MAX = 60;

const isFace = (path: string): boolean => /^[^/]+\/index\.ts$/.test(path);

/** Every relative import of every file, resolved. */
const edges = sources.flatMap((file) =>
  file.imports.flatMap(({ specifier, isType }) => {
    const target = targetOf(file, specifier);
    return target === undefined ? [] : [{ file, target, isType }];
  }),
);

describe(`the house (${sources.length} sources, ${tests.length} test files seen)`, () => {
  test('there is something to see', () => {
    expect(sources.length).toBeGreaterThan(100);
    expect(edges.length).toBeGreaterThan(300);
    expect(kernels.length).toBeGreaterThan(10);
  });

  test('every room is known', () => {
    const unknown = [...new Set(sources.map((file) => roomOf(file.path)))].filter((room) => !(room in rooms));
    expect(unknown).toEqual([]);
  });

  test('rooms import only the rooms they may, through their faces', () => {
    const wrong = edges.filter(({ file, target }) => {
      const [from, to] = [roomOf(file.path), roomOf(target)];
      if (from === to) return isFace(target);
      return !rooms[from]!.includes(to) || !(isFace(target) || target === to);
    });
    expect(wrong.map(({ file, target }) => `${file.path} -> ${target}`)).toEqual([]);
  });

  test('no import goes in a circle', () => {
    expect(circleIn(new Map(sources.map((file) => [file.path, targetsOf(file)])))).toEqual([]);
  });

  test('every import leads to a file', () => {
    const known = new Set(sources.map((file) => file.path));
    expect(
      edges.filter(({ target }) => !known.has(target)).map(({ file, target }) => `${file.path} -> ${target}`),
    ).toEqual([]);
  });

  test('packages have one owner', () => {
    const wrong = sources.flatMap((file) =>
      file.imports.flatMap(({ specifier }) => {
        const rule = soleOwners.find(({ module }) => module.test(specifier));
        const isOwner = rule === undefined || rule.owners.some((owner) => file.path.startsWith(owner));
        return isOwner ? [] : [`${file.path} imports ${specifier}`];
      }),
    );
    expect(wrong).toEqual([]);
  });

  test('families of models do not know each other, nor threads', () => {
    const familyOf = (path: string): string | undefined =>
      families.find((family) => path.startsWith(`ml/${family}/`));
    const wrong = edges.filter(({ file, target }) => {
      const [from, to] = [familyOf(file.path), familyOf(target)];
      if (from !== undefined && target.startsWith('ml/parallel/')) return true;
      return to !== undefined && from !== to && file.path !== 'ml/registry.ts';
    });
    expect(wrong.map(({ file, target }) => `${file.path} -> ${target}`)).toEqual([]);
  });

  test('every file says what it is', () => {
    const silent = [...sources, ...kernels].filter((file) => !/^(#!.*\n)?\/\*\*/.test(file.text));
    expect(silent.map((file) => file.path)).toEqual([]);
  });

  test('faces hold exports alone and are short', () => {
    const faces = sources.filter((file) => isFace(file.path));
    expect(faces.length).toBe(Object.keys(rooms).filter((room) => !room.endsWith('.ts')).length);
    const wrong = faces.filter(
      (file) => file.lines.length > FACE_LINES_MAX || /^(import|const|let|function|class)\b/m.test(file.text),
    );
    expect(wrong.map((file) => file.path)).toEqual([]);
  });

  test(`files have ${FILE_LINES_MAX} lines at most, half of them ${FILE_LINES_MEDIAN_MAX}`, () => {
    const long = [...sources, ...tests, ...kernels].filter((file) => file.lines.length > FILE_LINES_MAX);
    expect(long.map((file) => `${file.path}: ${file.lines.length}`)).toEqual([]);
    const sorted = sources.map((file) => file.lines.length).toSorted((left, right) => left - right);
    expect(sorted[Math.floor(sorted.length / 2)]).toBeLessThanOrEqual(FILE_LINES_MEDIAN_MAX);
  });

  test(`functions have ${FUNCTION_LINES_MAX} lines at most`, () => {
    const lengths = sources.flatMap((file) =>
      functionLengths(file).map((found) => ({ path: file.path, ...found })),
    );
    expect(lengths.length).toBeGreaterThan(500);
    const long = lengths.filter(({ length }) => length > FUNCTION_LINES_MAX);
    expect(long.map(({ path, line, length }) => `${path}:${line} ${length} lines`)).toEqual([]);
  });

  test('names are the words of the field', () => {
    const wrong = sources.flatMap((file) =>
      codeLines(file).flatMap(({ code, line }) =>
        bannedWords
          .filter(({ word }) => word.test(code))
          .map(({ word, instead }) => `${file.path}:${line} ${word.source} (say ${instead})`),
      ),
    );
    expect(wrong).toEqual([]);
    expect(sources.filter((file) => bannedNames.test(file.path)).map((file) => file.path)).toEqual([]);
    expect(
      sources.filter((file) => /(^|\/)[^/]*[A-Z_ ][^/]*\.ts$/.test(file.path)).map((file) => file.path),
    ).toEqual([]);
  });

  test('nothing is exported as default', () => {
    expect(sources.filter((file) => /^export default\b/m.test(file.text)).map((file) => file.path)).toEqual(
      [],
    );
  });
});

function targetsOf(file: SourceFile): readonly string[] {
  return edges.filter((edge) => edge.file === file).map(({ target }) => target);
}

/** A circle of imports as a path, or nothing. Imports of types count: a circle of types is one of thoughts. */
function circleIn(graph: ReadonlyMap<string, readonly string[]>): readonly string[] {
  const state = new Map<string, 'open' | 'done'>();
  const visit = (path: string, trail: readonly string[]): readonly string[] => {
    if (state.get(path) === 'done') return [];
    if (state.get(path) === 'open') return [...trail.slice(trail.indexOf(path)), path];
    state.set(path, 'open');
    for (const target of graph.get(path) ?? []) {
      const circle = visit(target, [...trail, path]);
      if (circle.length > 0) return circle;
    }
    state.set(path, 'done');
    return [];
  };
  for (const path of graph.keys()) {
    const circle = visit(path, []);
    if (circle.length > 0) return circle;
  }
  return [];
}

/** Lines of code, comments and string contents left out. */
function codeLines(file: SourceFile): readonly { readonly code: string; readonly line: number }[] {
  const withoutComments = file.text.replace(/\/\*[\s\S]*?\*\//g, (comment) => comment.replace(/[^\n]/g, ' '));
  return withoutComments.split('\n').map((code, index) => ({
    code: code
      .replace(/\/\/.*$/, '')
      .replace(
        /'(?:[^'\\]|\\.)*'|`(?:[^`\\]|\\.)*`|"(?:[^"\\]|\\.)*"|\/(?![*/])(?:[^/\\\n[]|\\.|\[[^\]]*\])+\/[a-z]*/g,
        "''",
      ),
    line: index + 1,
  }));
}
