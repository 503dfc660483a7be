import type { App } from 'vue';

/**
 * Vuetify writes its theme into a `<style>` element, which a content security policy without `unsafe-inline` refuses.
 * It hands the text to a head manager when the application provides one; this one puts it into a constructed
 * stylesheet, which the policy allows. To be installed before Vuetify.
 */
export function adoptThemeStyles(app: App): void {
  const sheet = new CSSStyleSheet();
  document.adoptedStyleSheets = [...document.adoptedStyleSheets, sheet];
  type Head = () => { style: { textContent: string }[] };
  const apply = (head: Head): void =>
    sheet.replaceSync(
      head()
        .style.map((style) => style.textContent)
        .join('\n'),
    );
  app.provide('usehead', {
    push(head: Head) {
      apply(head);
      return { patch: () => apply(head) };
    },
  });
}
