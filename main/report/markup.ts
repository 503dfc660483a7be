/** HTML or SVG that is safe to put into a page. Only `markup` makes it, and it escapes whatever is put in. */
export class Markup {
  readonly text: string;
  constructor(text: string) {
    this.text = text;
  }
  toString(): string {
    return this.text;
  }
}

export type Child = Markup | string | number | null | undefined | false | readonly Child[];

/** Template tag: ``markup`<td>${name}</td>` ``. Text is escaped, also for attributes in double quotes; markup is not. */
export function markup(strings: TemplateStringsArray, ...children: Child[]): Markup {
  let text = strings[0]!;
  children.forEach((child, i) => (text += render(child) + strings[i + 1]!));
  return new Markup(text);
}

function render(child: Child): string {
  if (child === null || child === undefined || child === false) return '';
  if (child instanceof Markup) return child.text;
  if (typeof child === 'object') return child.map(render).join('');
  return escapeText(String(child));
}

const ESCAPES: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };

/** Escapes text for element content and quoted attributes; control characters, which HTML has no way to hold, go. */
export function escapeText(text: string): string {
  return text.replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f]/g, '\ufffd').replace(/[&<>"']/g, (c) => ESCAPES[c]!);
}
