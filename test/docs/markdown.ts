/** The fenced blocks of a Markdown page. */

export interface Block {
  readonly language: string;
  readonly text: string;
  /** 1-based line of the opening fence. */
  readonly line: number;
  /** Lines between the fences. */
  readonly lineCount: number;
}

/** Fenced blocks in order. */
export function blocksOf(markdown: string): readonly Block[] {
  const blocks: Block[] = [];
  let open: { language: string; line: number; lines: string[] } | undefined;
  markdown.split('\n').forEach((line, index) => {
    if (!line.startsWith('```')) {
      open?.lines.push(line);
    } else if (open === undefined) {
      open = { language: line.slice(3).trim(), line: index + 1, lines: [] };
    } else {
      blocks.push({ language: open.language, text: open.lines.join('\n'), line: open.line, lineCount: open.lines.length });
      open = undefined;
    }
  });
  return blocks;
}
