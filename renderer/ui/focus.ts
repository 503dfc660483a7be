import { nextTick } from 'vue';
import type { ObjectDirective } from 'vue';

/**
 * `v-focus` of an element that comes and goes: it has the focus whenever it is shown. (The browser's own `autofocus` is heeded once in the life of
 * a page.) Of a component: what of it takes the focus.
 */
export const vFocus: ObjectDirective<HTMLElement> = {
  mounted(element) {
    void nextTick(() => (element.matches('input, button') ? element : element.querySelector('input'))?.focus());
  },
};
