/**
 * What our pages may load and do: their own files, nothing from elsewhere, no script and no style but from files
 * (the interface library's theme is adopted as a stylesheet, `renderer/app/adopted-styles.ts`); `blob:` holds what the window itself has drawn.
 * @param developmentSocket the address of Vite's hot reload, never set in a packaged application
 */
export function contentSecurityPolicy(developmentSocket?: string): string {
  const directives: Record<string, string> = {
    'default-src': "'self'",
    'script-src': "'self'",
    // Vite's hot reload writes style elements.
    'style-src': developmentSocket === undefined ? "'self'" : "'self' 'unsafe-inline'",
    'img-src': "'self' data: blob:",
    'font-src': "'self' data:",
    'connect-src': developmentSocket === undefined ? "'self'" : `'self' ${developmentSocket}`,
    'worker-src': "'self' blob:",
    'frame-src': "'self' blob:",
    'object-src': "'none'",
    'base-uri': "'none'",
    'form-action': "'none'",
    'frame-ancestors': "'self'",
  };
  return Object.entries(directives)
    .map(([name, value]) => `${name} ${value}`)
    .join('; ');
}

/** For every answer that is a page or a part of one. */
export function pageHeaders(developmentSocket?: string): Record<string, string> {
  return {
    'content-security-policy': contentSecurityPolicy(developmentSocket),
    'x-content-type-options': 'nosniff',
    'referrer-policy': 'no-referrer',
    'cross-origin-opener-policy': 'same-origin',
  };
}
