/** White space as the embedded database reads it; all that look for words in SQL text must agree with it. */

/**
 * The characters, to stand within the brackets of a regular expression. Measured: every other character beyond
 * ASCII is part of a word, among them some that JavaScript's `\s` knows (U+2028).
 */
export const whiteSpace: string = String.raw` \t\n\r\f\u00a0\u2000-\u200b\u202f\u205f\u2060\u3000\ufeff`;
