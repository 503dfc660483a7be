import { defineStore } from 'pinia';
import { ref } from 'vue';

/** Which of the layers above the screen is open. */
export const usePanels = defineStore('panels', () => {
  const palette = ref(false);
  const shortcuts = ref(false);
  /** The rail shows its labels beside its icons. */
  const railOpen = ref(false);
  return { palette, shortcuts, railOpen };
});
