/** placeholder */
export function screenStatement(_sql: string, _allowedPaths: readonly string[]): void {}
