import { describe, expect, it } from 'vitest';
import { PRESET_NAMES, PRESETS, presetNamed } from '../../main/models/presets.ts';

describe.each(PRESET_NAMES)('the preset %s', (name) => {
  const preset = presetNamed(name);

  it('is one family: autoencoder, flow and classifiers agree on sizes and channels', () => {
    const { autoencoder, flow, latentClassifier, patchClassifier } = preset;
    expect(preset.latentSize).toBe(preset.patchSize / 2 ** (autoencoder.architecture.channels.length - 1));
    expect(flow.architecture.latentSize).toBe(preset.latentSize);
    expect(flow.architecture.latentChannels).toBe(autoencoder.architecture.latentChannels);
    expect(latentClassifier.architecture.inputChannels).toBe(autoencoder.architecture.latentChannels);
    expect(patchClassifier.architecture.inputChannels).toBe(autoencoder.architecture.patchChannels);
    expect(preset.patchSize).toBeLessThanOrEqual(preset.extractedSize);
  });

  it('has a U-Net whose resolutions are whole and whose attention is at one of them', () => {
    const { latentSize, channels, blocks, attention } = preset.flow.architecture;
    const resolutions = channels.map((_, level) => latentSize / 2 ** level);
    expect(resolutions.every(Number.isInteger)).toBe(true);
    expect(blocks).toHaveLength(channels.length);
    expect(attention.some((size) => resolutions.includes(size))).toBe(true);
  });

  it('guides the second stage only, on the label that it dropped in training', () => {
    expect(preset.sampling.guidance.stage1).toBe(1);
    expect(preset.sampling.guidance.stage2).toBeGreaterThan(1);
    expect(preset.flow.finetuning.conditionDropout).toBe(0.1);
  });
});

describe('presets', () => {
  it('of other names are refused with the names that there are', () => {
    for (const name of ['huge', '', 'toString']) expect(() => presetNamed(name)).toThrow(/paper, laptop, demo/);
    expect(Object.keys(PRESETS)).toEqual([...PRESET_NAMES]);
  });
});
