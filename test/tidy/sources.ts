/** Our own sources as text, with what the checks ask about them. */
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../../', import.meta.url));
const sourceRoot = join(root, 'src');

export interface SourceFile {
  /** Path below src, with forward slashes. */
  readonly path: string;
  readonly text: string;
  readonly lines: readonly string[];
  /** Import specifiers as written, with whether all of the import is types. */
  readonly imports: readonly { readonly specifier: string; readonly isType: boolean }[];
}

function walk(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) =>
    entry.isDirectory() ? walk(join(folder, entry.name)) : [join(folder, entry.name)],
  );
}

const importPattern = /(?:^|\n)\s*(import|export)\s+(type\s+)?(?:[^'";]*?\sfrom\s+)?'([^']+)'/g;

function importsOf(text: string): SourceFile['imports'] {
  return [...text.matchAll(importPattern)].map((match) => ({
    specifier: match[3]!,
    isType: match[2] !== undefined,
  }));
}

function read(folder: string): readonly SourceFile[] {
  return walk(folder)
    .filter((path) => path.endsWith('.ts'))
    .map((path) => {
      const text = readFileSync(path, 'utf8');
      return {
        path: relative(folder, path).replaceAll('\\', '/'),
        text,
        lines: text.split('\n'),
        imports: importsOf(text),
      };
    });
}

/** Every TypeScript file below src. */
export const sources: readonly SourceFile[] = read(sourceRoot);

/** Every TypeScript file below test. */
export const tests: readonly SourceFile[] = read(join(root, 'test'));

/** Every file of the compiled kernels. */
export const kernels: readonly SourceFile[] = read(join(root, 'kernels'));

/** Room of a path below src: its first folder, or the file itself at the top. */
export function roomOf(path: string): string {
  return path.split('/')[0]!;
}

/** Path below src of a relative import; undefined for a package. */
export function targetOf(file: SourceFile, specifier: string): string | undefined {
  if (!specifier.startsWith('.')) return undefined;
  return relative(sourceRoot, resolve(sourceRoot, dirname(file.path), specifier)).replaceAll('\\', '/');
}

/** A function by its first line (1-based) and length in lines, found by indentation. */
export function functionLengths(
  file: SourceFile,
): readonly { readonly line: number; readonly length: number }[] {
  const found: { line: number; length: number }[] = [];
  const opening =
    /^(\s*)(?:export\s+)?(?:(?:async\s+)?function\b|(?:(?:public|private|protected|static|override|async|get|set)\s+)*[*#]?\w+\s*(?:<[^>]*>)?\(.*\).*\{\s*$|const \w+ = .*=>\s*\{\s*$)/;
  const control = /^\s*(?:if|for|while|switch|catch|return|do|else|try)\b/;
  file.lines.forEach((line, index) => {
    const match = opening.exec(line);
    if (match === null || control.test(line)) return;
    const closing = file.lines.findIndex(
      (later, at) =>
        at > index &&
        (later === `${match[1]}}` || later.startsWith(`${match[1]}};`) || later.startsWith(`${match[1]}},`)),
    );
    if (closing > index) found.push({ line: index + 1, length: closing - index + 1 });
  });
  return found;
}
