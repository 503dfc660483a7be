import { KIND_FACTS } from '../jobs/kinds.ts';
import type { JobKind } from '../jobs/kinds.ts';
import type { PathTokens } from './path-tokens.ts';

/**
 * Parameters of a job with the paths that its tokens stand for. A path in the place of a token is refused like any
 * unknown token.
 * @throws IsochromatError `unknown-token`
 */
export function pathsFromTokens(
  tokens: PathTokens,
  kind: JobKind,
  parameters: Readonly<Record<string, unknown>>,
): Record<string, unknown> {
  const result: Record<string, unknown> = { ...parameters };
  for (const field of KIND_FACTS[kind].pathFields) {
    if (parameters[field] !== undefined) result[field] = resolve(tokens, parameters[field]);
  }
  return result;
}

/** A token, a list of tokens, or a list of things with `paths`. */
function resolve(tokens: PathTokens, value: unknown): unknown {
  if (Array.isArray(value)) return value.map((each) => resolve(tokens, each));
  if (typeof value === 'object' && value !== null && 'paths' in value) {
    return { ...value, paths: resolve(tokens, value.paths) };
  }
  return tokens.path(String(value));
}
