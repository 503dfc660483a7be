/** What a patch or volume is known to hold (the paper's labels). `unlabeled` = never reviewed. */
export const TISSUE_CLASSES = ['normal', 'abnormal', 'unlabeled'] as const;
export type TissueClass = (typeof TISSUE_CLASSES)[number];

/** Classes of the fine-tuned flow's class table; `unknown` is the unconditional token that guidance starts from. */
export const CONDITION_CLASSES = ['unknown', 'normal', 'abnormal'] as const;
export type ConditionClass = (typeof CONDITION_CLASSES)[number];

export const SPLITS = ['train', 'validation', 'test'] as const;
export type Split = (typeof SPLITS)[number];
